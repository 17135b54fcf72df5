//! Behaviour tests: a migrated program does what it did before.
//!
//! A case is a small Python program that runs against the real libraries and a server on the loopback interface. It is
//! run, migrated by the real binary with `awaitify apply`, and run again: standard output and exit code must be equal.
//! `tests/behaviour/README.md` says how to add one.

// I/O stays at the edges of the program; tests write the programs that they migrate.
#![allow(clippy::disallowed_methods)]

#[path = "behaviour/harness/mod.rs"]
mod harness;

use std::path::Path;

/// One test per folder of cases.
macro_rules! areas {
    ($($area:ident)*) => {
        $(
            #[test]
            fn $area() {
                harness::run_area(stringify!($area));
            }
        )*

        /// A folder that no test runs would look as if it passed.
        #[test]
        fn every_area_has_a_test() {
            let tested = [$(stringify!($area)),*];
            for area in harness::case::areas() {
                assert!(tested.contains(&area.as_str()), "add `{area}` to `areas!` in tests/behaviour.rs");
            }
            for area in tested {
                assert!(Path::new(harness::case::ROOT).join(area).is_dir(), "tests/behaviour/{area} is missing");
            }
        }
    };
}

areas! {
    gather_to_taskgroup
    open_to_aiofiles
    requests_to_httpx
    sessionmaker_to_async_sessionmaker
    time_sleep_to_asyncio
}
