//! Why a legacy query is left alone.

use crate::unit::Reason;

/// What a query gives is not known.
pub static ROWS: Reason = Reason {
    code: "query-rows",
    message: "it is not visible whether the query is for objects or for columns, and the two are read differently",
    help: "name the class or its columns in the call, or annotate the variable as `type[Model]`",
};

/// Something that only a Query has.
pub static METHOD: Reason = Reason {
    code: "query-method",
    message: "a statement has no counterpart of what is done with the query",
    help: "write it with `select()`, or run it with `await session.run_sync(...)`",
};

/// An argument that a statement does not take.
pub static ARGUMENT: Reason = Reason {
    code: "query-argument",
    message: "the argument means something else to a statement, or nothing",
    help: "write the call in its modern form first",
};

/// The query goes out of sight.
pub static ESCAPES: Reason = Reason {
    code: "query-escapes",
    message: "the query goes where its uses cannot be listed, and whoever runs it there needs the session",
    help: "run the query in the function that makes it, or pass on its result",
};

/// A name that holds something else as well.
pub static MIXED: Reason = Reason {
    code: "query-mixed",
    message: "the name of the query may hold something else here",
    help: "give the two different names",
};

/// The truth of a query.
pub static TRUTH: Reason = Reason {
    code: "query-truth",
    message: "a query is always true, and a statement has no truth: it raises TypeError",
    help: "compare with `None`, or count the rows",
};

/// The session is not at hand.
pub static SESSION: Reason = Reason {
    code: "query-session",
    message: "the query is run where its session has no name that surely still means it",
    help: "keep the session in a variable that is bound once",
};

/// `filter_by` on an unknown entity.
pub static FILTER_BY: Reason = Reason {
    code: "query-filter-by",
    message: "`filter_by` of a query looks at the entity that was joined last, and that is not visible here",
    help: "write `.filter(Model.column == value)`",
};

/// UPDATE or DELETE of more than plain conditions.
pub static BULK: Reason = Reason {
    code: "query-bulk",
    message: "an UPDATE or DELETE statement is made from a class and its conditions alone, in one expression",
    help: "write it with `update()` or `delete()`",
};

/// A slice that a database cannot take.
pub static SLICE: Reason = Reason {
    code: "query-slice",
    message: "a step or a negative bound is applied in Python, after all rows were read",
    help: "order the other way round, or slice the list that `.all()` gives",
};

/// Rows that come in batches.
pub static BATCHES: Reason = Reason {
    code: "query-batches",
    message: "rows that come in batches have to be read in a loop of their own, to its end",
    help: "iterate over the query directly, without `break` or `return`",
};

/// A comment where the text changes.
pub static COMMENT: Reason = Reason {
    code: "query-comment",
    message: "a comment stands where the text changes",
    help: "move the comment",
};
