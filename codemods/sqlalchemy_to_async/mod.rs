//! Stand-in until the engine, maker and session modules are here.

pub mod query;
