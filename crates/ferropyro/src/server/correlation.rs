//! Correlation ids for requests that come without one.

use ferropyro_proto::ReplyHead;
use ferropyro_value::Uuid;

/// Makes the ids of one connection: random ones, of which the system is asked for the first only. They need to
/// be different, not secret.
#[derive(Debug, Default)]
pub(super) struct Correlations(u128);

impl Correlations {
    /// Gives a request an id if it has none.
    pub(super) fn fill(&mut self, head: &mut ReplyHead) {
        if head.correlation().is_none() {
            head.set_correlation(self.next());
        }
    }

    fn next(&mut self) -> Uuid {
        if self.0 == 0 {
            self.0 = Uuid::new_v4().as_u128();
        }
        // A Weyl sequence: an odd step visits every number once, and changes all parts of the id.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
        uuid::Builder::from_random_bytes(self.0.to_be_bytes()).into_uuid()
    }
}
