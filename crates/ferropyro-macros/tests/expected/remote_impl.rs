#[allow(unreachable_pub, clippy::unused_async)]
/// Walks.
impl Robot {
    const STEP: u32 = 1;
    pub fn new() -> Self {
        Self {}
    }
    pub async fn forward(&self, mut steps: u32, by: u32) -> bool {
        true
    }
    pub fn grow(&mut self) {}
    pub(crate) fn seen_here(&self) {}
    fn helper(&self) {}
}
