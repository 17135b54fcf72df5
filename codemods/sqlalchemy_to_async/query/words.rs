//! The methods of a `Query`, and what each is to a statement.
//!
//! Source: `sqlalchemy.orm.Query` and `sqlalchemy.sql.Select` of SQLAlchemy 2.0.57 and 2.1.9, compared by running both.

/// A method that gives another query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// A statement has it by the same name, with the same arguments.
    Same,
    /// By another name.
    Renamed(&'static str),
    /// `populate_existing()`: an execution option.
    PopulateExisting,
    /// `filter_by(...)`: it depends on what is joined.
    FilterBy,
    /// `yield_per(n)`: an execution option, and the rows come in batches.
    YieldPer,
}

/// What gives another query; `None` for everything else.
pub fn link(name: &str) -> Option<Link> {
    Some(match name {
        "add_columns"
        | "correlate"
        | "distinct"
        | "execution_options"
        | "filter"
        | "from_statement"
        | "group_by"
        | "having"
        | "join"
        | "limit"
        | "offset"
        | "options"
        | "order_by"
        | "outerjoin"
        | "params"
        | "prefix_with"
        | "select_from"
        | "slice"
        | "suffix_with"
        | "where"
        | "with_for_update"
        | "with_hint"
        | "with_statement_hint" => Link::Same,
        "add_column" | "add_entity" => Link::Renamed("add_columns"),
        "with_entities" => Link::Renamed("with_only_columns"),
        "populate_existing" => Link::PopulateExisting,
        "filter_by" => Link::FilterBy,
        "yield_per" => Link::YieldPer,
        _ => return None,
    })
}

/// A method that makes a part of another statement: the name that a statement has for it.
pub fn part(name: &str) -> Option<&'static str> {
    Some(match name {
        "subquery" => "subquery",
        "cte" => "cte",
        "label" => "label",
        "exists" => "exists",
        "scalar_subquery" | "as_scalar" => "scalar_subquery",
        _ => return None,
    })
}

/// A method that runs the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terminal {
    /// Every row.
    All,
    /// The first row or `None`.
    First,
    /// The only row.
    One,
    /// The only row or `None`.
    OneOrNone,
    /// The first column of the only row, or `None`.
    Scalar,
    /// The number of rows.
    Count,
    /// The object of a primary key.
    Get,
    /// DELETE.
    Delete,
    /// UPDATE.
    Update,
}

/// What runs the query; `None` for everything else.
pub fn terminal(name: &str) -> Option<Terminal> {
    Some(match name {
        "all" => Terminal::All,
        "first" => Terminal::First,
        "one" => Terminal::One,
        "one_or_none" => Terminal::OneOrNone,
        "scalar" => Terminal::Scalar,
        "count" => Terminal::Count,
        "get" => Terminal::Get,
        "delete" => Terminal::Delete,
        "update" => Terminal::Update,
        _ => return None,
    })
}
