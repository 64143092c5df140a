//! Trait, implementation and caller in modules of their own, and two traits in one module.

pub mod api {
    use ferropyro::remote;

    #[remote]
    pub trait Clock {
        async fn now(&self) -> u64;
    }

    #[remote]
    pub trait Alarm {
        /// What is told is a proxy of the same module.
        async fn watch(&self, clock: ClockProxy) -> u64;
    }

    /// Nobody outside of this crate sees it.
    #[remote]
    pub(crate) trait Internal {
        fn level(&self) -> super::Level;
    }
}

/// A type that only this module and its neighbours see.
#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Level {
    High,
}

mod objects {
    pub(super) struct Sun;

    // One object behind several traits.
    impl super::api::Clock for Sun {
        async fn now(&self) -> u64 {
            12
        }
    }

    impl super::api::Alarm for Sun {
        async fn watch(&self, clock: super::api::ClockProxy) -> u64 {
            clock.now().await.unwrap_or_default()
        }
    }

    impl super::api::Internal for Sun {
        fn level(&self) -> super::Level {
            super::Level::High
        }
    }
}

#[test]
fn traits_and_objects_need_not_be_neighbours() -> ferropyro::Result<()> {
    let clock = api::ClockProxy::local(objects::Sun);
    let alarm = api::AlarmProxy::local(objects::Sun);
    assert_eq!(alarm.watch(clock).wait()?, 12);
    assert_eq!(api::InternalProxy::local(objects::Sun).level().wait()?, Level::High);
    Ok(())
}
