//! Everything inside of a function, which other items do not see into.

#[test]
fn a_function_may_have_a_trait_of_its_own() -> ferropyro::Result<()> {
    use ferropyro::{RemoteError, python_class, remote};

    #[python_class("local.Point")]
    #[derive(Debug, PartialEq)]
    struct Point {
        x: i64,
    }

    #[derive(Debug, thiserror::Error, RemoteError)]
    #[error("none")]
    struct Nothing;

    #[remote]
    trait Inner {
        async fn point(&self, #[default(2)] x: i64) -> Result<Point, Nothing>;
        fn nothing(&self) -> Result<Point, Nothing>;
    }

    struct Object;

    impl Inner for Object {
        async fn point(&self, x: i64) -> Result<Point, Nothing> {
            Ok(Point { x })
        }

        fn nothing(&self) -> Result<Point, Nothing> {
            Err(Nothing)
        }
    }

    let inner = InnerProxy::local(Object);
    assert_eq!(inner.point().wait().ok(), Some(Point { x: 2 }));
    assert!(inner.nothing().wait().is_err());
    Ok(())
}
