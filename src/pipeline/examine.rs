//! Phase one: what one file tells by itself.

use std::sync::Arc;

use ruff_text_size::{Ranged, TextRange};

use super::lines::Lines;
use super::markers::{self, Present};
use super::parse::parse;
use super::request::Request;
use super::search::is_elsewhere;
use super::trio::Backends;
use crate::callgraph::FileFacts;
use crate::callgraph::facts::{self, Outlook};
use crate::chains;
use crate::codemod::{self, Codemod, Context, Settings};
use crate::codemods::TELLING;
use crate::config::Scope;
use crate::discovery::{self, Found, Kind, LeftAlone};
use crate::index::Project;
use crate::plan::{Left, Outcome, Problem, Severity, UnitReport};
use crate::propagate::TO_THREAD;
use crate::rules;
use crate::scan::Scanner;
use crate::seeds::foreign::Foreign;
use crate::semantic::Model;
use crate::source::{self, Source};
use crate::suppress::Suppressions;
use crate::unit::{ColourSite, FileId, Skip, Unit};

/// What phase one keeps of a file.
pub(super) struct Analysis {
    /// The text and the bytes that it was read from, kept where a unit may change them.
    pub(super) baseline: Option<(Arc<Source>, Vec<u8>)>,
    pub(super) units: Vec<(Unit, UnitReport)>,
    pub(super) left: Vec<Left>,
    pub(super) problems: Vec<Problem>,
    pub(super) functions: Vec<FunctionFacts>,
    /// What the call graph needs to know, with `--scope project`.
    pub(super) facts: Option<FileFacts>,
    /// The markers of half units in it.
    pub(super) markers: Vec<Present>,
    /// Whether its bytes name `async`.
    pub(super) has_async: bool,
    /// What it tells of the event loops that it runs on.
    pub(super) backends: Backends,
    /// Whether the file was parsed.
    pub(super) parsed: bool,
    /// The codemods whose triggers it has, and that follow values.
    pub(super) following: Vec<&'static str>,
}

/// What the solver needs to know of a function.
#[derive(Clone, Copy, Debug)]
pub(super) struct FunctionFacts {
    pub(super) is_async: bool,
    pub(super) keep_sync: bool,
}

impl Analysis {
    pub(super) fn skipped(problems: Vec<Problem>) -> Self {
        Self {
            baseline: None,
            units: Vec::new(),
            left: Vec::new(),
            problems,
            functions: Vec::new(),
            facts: None,
            markers: Vec::new(),
            has_async: false,
            backends: Backends::default(),
            parsed: false,
            following: Vec::new(),
        }
    }
}

/// Phase one for one file.
pub(super) fn analyse(
    request: &Request<'_>,
    settings: &Settings,
    project: &Project,
    scanner: &Scanner,
    id: FileId,
    file: &Found,
    joined: bool,
) -> Analysis {
    match file.kind {
        _ if file.outside => return Analysis::skipped(Vec::new()),
        Kind::Module | Kind::Script => {}
        // It has no bodies, and changes with the module that it describes.
        Kind::Stub => return Analysis::skipped(Vec::new()),
        Kind::Foreign if file.explicit => {
            return problem_of(
                file,
                Severity::Warning,
                None,
                "notebooks and Cython sources are not migrated".to_string(),
                "change it by hand, or move its code into a module",
            );
        }
        Kind::Foreign => return Analysis::skipped(Vec::new()),
    }
    let bytes = match discovery::read(&file.path) {
        Ok(bytes) => bytes,
        Err(error) => {
            return problem_of(
                file,
                Severity::Warning,
                None,
                format!("the file cannot be read: {error}"),
                "check its permissions; the other files go on",
            );
        }
    };
    let markers = if joined {
        Vec::new()
    } else {
        markers::present(&file.name, &bytes)
    };
    let looks_further = request.chains || !request.rules.is_empty();
    let has_async = looks_further && memchr::memmem::find(&bytes, b"async").is_some();
    let backends = Backends::of(&bytes);
    let mut analysis = analyse_bytes(request, settings, project, scanner, id, file, joined, bytes);
    analysis.markers = markers;
    analysis.has_async = has_async;
    analysis.backends = backends;
    analysis
}

/// [`analyse`] for a file with these bytes.
#[expect(
    clippy::too_many_arguments,
    reason = "the second half of a function, with what the first has read"
)]
fn analyse_bytes(
    request: &Request<'_>,
    settings: &Settings,
    project: &Project,
    scanner: &Scanner,
    id: FileId,
    file: &Found,
    joined: bool,
    bytes: Vec<u8>,
) -> Analysis {
    let problem = |severity, line, message: String, remedy: &str| {
        problem_of(file, severity, line, message, remedy)
    };
    let codemods = if joined {
        scanner.all_in(&bytes)
    } else {
        scanner.scan(&bytes)
    };
    if codemods.is_empty() {
        return Analysis::skipped(Vec::new());
    }
    if let Some(why) = LeftAlone::of(&file.path, &bytes)
        && (why.is_certain() || !file.explicit)
    {
        let (message, remedy) = why.describe();
        return problem(Severity::Warning, None, message, remedy);
    }
    let source = match source::decode(&bytes) {
        Ok(source) => source,
        Err(error) => return Analysis::skipped(vec![error.to_problem(&file.name)]),
    };
    let parsed = match parse(&source.text, request.syntax_version()) {
        Ok(parsed) => parsed,
        Err(error) => {
            let (message, remedy) = error.describe(settings.target);
            let line = error
                .offset()
                .map(|offset| Lines::new(&source.text).position(offset).0);
            return problem(Severity::Warning, line, message, &remedy);
        }
    };
    let module = &project.file(id).module;
    let model = Model::new(&source.text, &parsed, module);
    let mut analysis = examine(settings, project, id, &codemods, &model, request);
    analysis.following = codemods
        .iter()
        .map(|codemod| codemod.name)
        .filter(|name| {
            let mut all = crate::codemods::FOLLOWING.iter();
            all.any(|following| following.codemod.name == *name)
                || codemods
                    .iter()
                    .any(|codemod| codemod.name == *name && codemod.declared.is_some())
        })
        .collect();
    if !analysis.units.is_empty() {
        drop(model);
        drop(parsed);
        analysis.baseline = Some((Arc::new(source), bytes));
    }
    analysis
}

fn problem_of(
    file: &Found,
    severity: Severity,
    line: Option<u32>,
    message: String,
    remedy: &str,
) -> Analysis {
    Analysis::skipped(vec![Problem {
        severity,
        file: file.name.clone(),
        line,
        message,
        remedy: remedy.to_string(),
    }])
}

/// Runs the codemods on a parsed file.
pub(super) fn examine(
    settings: &Settings,
    project: &Project,
    id: FileId,
    codemods: &[&'static Codemod],
    model: &Model<'_>,
    request: &Request<'_>,
) -> Analysis {
    let name = &project.file(id).name;
    let lines = Lines::new(model.text);
    let suppressions = Suppressions::of(model);
    let mut analysis = Analysis::skipped(Vec::new());
    analysis.parsed = true;
    if request.config.scope == Scope::Project {
        let is_first_party = |module: &str| project.may_be_first_party(module);
        let foreign = Foreign::new(&request.config.make_async, project);
        let outlook = Outlook {
            is_first_party: &is_first_party,
            is_seed: &|path| foreign.names(path),
        };
        analysis.facts = Some(facts::read(model, &suppressions, settings.target, outlook));
    }
    analysis.functions = model
        .scopes
        .functions()
        .iter()
        .map(|function| FunctionFacts {
            is_async: function
                .definition
                .is_some_and(|definition| definition.is_async),
            keep_sync: function.definition.is_some_and(|definition| {
                let end = definition
                    .body
                    .first()
                    .map_or(definition.end(), Ranged::start);
                suppressions.keep_sync(TextRange::new(definition.start(), end))
            }),
        })
        .collect();
    let telling = TELLING
        .iter()
        .filter(|(codemod, _)| request.telling.iter().any(|told| told.name == codemod.name));
    for (codemod, reasons) in telling {
        let mut context = Context::new(model, settings, project, id, codemod);
        (codemod.run)(&mut context);
        let (_, mut skips) = context.finish();
        skips.retain(|skip| reasons.contains(&skip.reason));
        analysis
            .left
            .extend(left_of(skips, model, &suppressions, &lines, name));
    }
    let search = |own: FileId, word: &str| is_elsewhere(project, own, word);
    for codemod in codemods {
        let context = Context::new(model, settings, project, id, codemod);
        let mut context = context.searching(&search);
        (codemod.run)(&mut context);
        let (units, mut skips) = context.finish();
        for unit in units {
            if let Some(range) = suppressed(&unit, &suppressions, model) {
                skips.push(Skip {
                    codemod: codemod.name,
                    file: id,
                    range,
                    reason: &codemod::SUPPRESSED,
                    detail: None,
                });
                continue;
            }
            let report = UnitReport {
                codemod: unit.codemod,
                place: lines.place(name, unit.range),
                function: context_of(model, unit.range),
                safety: unit.safety,
                outcome: Outcome::Taken,
                notes: unit
                    .notes
                    .iter()
                    .map(|note| (lines.place(name, note.range), note.text.clone()))
                    .collect(),
            };
            analysis.units.push((unit, report));
        }
        analysis
            .left
            .extend(left_of(skips, model, &suppressions, &lines, name));
    }
    let own = request.config.codemods.iter().map(|own| own.0.name);
    let known: Vec<&str> = crate::codemods::CODEMODS
        .iter()
        .map(|codemod| codemod.name)
        .chain(own)
        .collect();
    let ran: Vec<&str> = request
        .codemods
        .iter()
        .map(|codemod| codemod.name)
        .collect();
    let named: Vec<&str> = known
        .iter()
        .copied()
        .chain([chains::NAME, TO_THREAD])
        .chain(rules::RULES.iter().map(|rule| rule.name))
        .collect();
    // A comment about all codemods is about those that run where none is named.
    let by_default: Vec<&str> = crate::codemods::CODEMODS
        .iter()
        .filter(|codemod| !codemod.role.is_opt_in())
        .map(|codemod| codemod.name)
        .chain(request.config.codemods.iter().map(|own| own.0.name))
        .collect();
    for (range, message) in suppressions
        .unknown(&named)
        .into_iter()
        .chain(suppressions.unused(&ran, &by_default))
    {
        analysis.problems.push(Problem {
            severity: Severity::Warning,
            file: name.clone(),
            line: Some(lines.position(range.start()).0),
            message,
            remedy: "correct or remove the comment".to_string(),
        });
    }
    analysis
}

/// What is left, where a comment may ask for it.
fn left_of(
    skips: Vec<Skip>,
    model: &Model<'_>,
    suppressions: &Suppressions,
    lines: &Lines<'_>,
    file: &str,
) -> Vec<Left> {
    let left = skips.into_iter().map(|skip| {
        let is_suppressed = skip.reason == &codemod::SUPPRESSED
            || suppressions.suppresses(skip.codemod, skip.range);
        Left {
            codemod: skip.codemod,
            place: lines.place(file, skip.range),
            function: context_of(model, skip.range),
            reason: if is_suppressed {
                &codemod::SUPPRESSED
            } else {
                skip.reason
            },
            detail: skip.detail.filter(|_| !is_suppressed),
        }
    });
    left.collect()
}

/// The span of a unit that a comment suppresses: its anchor or one of its sites.
pub(super) fn suppressed(
    unit: &Unit,
    suppressions: &Suppressions,
    model: &Model<'_>,
) -> Option<TextRange> {
    let sites = unit.colour.iter().filter_map(|(file, site)| {
        let node = match *site {
            ColourSite::Await { node } => node,
            _ => return None,
        };
        (*file == unit.file).then(|| model.nodes.range(node))
    });
    std::iter::once(unit.range)
        .chain(sites)
        .find(|&range| suppressions.suppresses(unit.codemod, range))
}

/// What code outside of functions is called.
pub(super) const MODULE: &str = "<module>";

/// The dotted name of the function round a span.
pub(super) fn context_of(model: &Model<'_>, range: TextRange) -> String {
    let functions = model.scopes.functions();
    let after = functions
        .partition_point(|function| model.nodes.range(function.node).start() <= range.start());
    functions[..after]
        .iter()
        .rev()
        .find(|function| {
            function.definition.is_some() && model.nodes.range(function.node).contains_range(range)
        })
        .map_or_else(
            || MODULE.to_string(),
            |function| function.qualified_name.clone(),
        )
}
