//! Why a function becomes async, or cannot: the answers of `awaitify why`.
//!
//! Built only on request, from what the solver leaves behind: the way down to a seed is a breadth-first search from the
//! functions that hold seed units along the same edges as [`Propagation::recolour`] takes, with a parent for each; the way
//! up to a barrier is in the [`Solution`]. Both are shortest ways.

use std::collections::VecDeque;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::callgraph::resolve::{Called, Resolver};
use crate::callgraph::{FileFacts, Function};
use crate::config;
use crate::index::Project;
use crate::plan::{InTheWay, Left, Outcome, Place, UnitReport};
use crate::propagate::{CallIndex, Loader, Propagation};
use crate::semantic::Runner;
use crate::solve::{Blocked, Node, Solution};
use crate::unit::{FileId, FunctionId, Holder, Reason, Unit};

/// How many names are suggested for one that is not there.
const SUGGESTIONS: usize = 3;

/// How many callers of callers above a barrier are looked for in files that have not joined.
const ROUNDS: usize = 8;

/// What a place names, explained.
#[derive(Clone, Debug)]
pub enum Answer {
    /// It names something.
    Explained(Explained),
    /// It names several things: these, each as one would have to write it.
    Several(Vec<String>),
    /// It names nothing.
    Unknown {
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
}

/// Everything that is known about a place.
#[derive(Clone, Debug, Default)]
pub struct Explained {
    /// For a line: the candidates on it.
    pub candidates: Vec<Candidate>,
    /// The functions that the place names. For a line, the one round it; at module level, those that it calls.
    pub functions: Vec<Explanation>,
}

/// What becomes of one function.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The function.
    pub function: Named,
    /// What becomes of it, and why.
    pub verdict: Verdict,
    /// With `--assist`: what stays as it is for all that, under markers.
    pub halves: Vec<InTheWay>,
    /// The candidates in it, whatever became of them.
    pub candidates: Vec<Candidate>,
}

/// A function, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its module.
    pub module: String,
    /// Its dotted name within the module.
    pub name: String,
    /// Where its header begins.
    pub place: Spot,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The file, as shown to the user.
    pub file: String,
    /// 1-based.
    pub line: u32,
}

/// Why a function has its colour.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It becomes async.
    Becomes(Way),
    /// A program begins with it: it stays sync at its outside, and runs what is async in it.
    Runs(Way),
    /// It is async as it stands.
    Already,
    /// Something wants it to be async, and a barrier forbids that.
    Blocked {
        /// The way to what wants it.
        way: Way,
        /// What forbids it: the nearest barrier.
        barrier: Barrier,
        /// All barriers that stand in the way, up to a number; the nearest is among them.
        all: Vec<InTheWay>,
        /// Whether there are more than these.
        more: bool,
    },
    /// Something would want it to be async, and is left for a reason of its own.
    Waits(Way),
    /// Nothing wants it to be async.
    Nothing,
}

/// The way from a function down to what wants it to be async.
#[derive(Clone, Debug)]
pub struct Way {
    /// From function to function; empty where the function itself holds the candidate.
    pub steps: Vec<Step>,
    /// What is at the end.
    pub seed: Candidate,
}

/// One step from a function to another.
#[derive(Clone, Debug)]
pub struct Step {
    /// How the one needs the other.
    pub link: Link,
    /// The function that the step leads to; its name is that of the file for the module level.
    pub function: Named,
    /// Where: the line of the call, or of the function.
    pub at: Spot,
}

/// How two functions hang together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// The one calls the other.
    Call,
    /// They are one method of related classes, or one call may reach both: they have one colour.
    Colour,
}

impl Link {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Colour => "same-colour",
        }
    }
}

/// What forbids a function to be async.
#[derive(Clone, Debug)]
pub struct Barrier {
    /// The function that cannot be async: the one that was asked for, or one on its way down.
    pub function: Named,
    /// Who needs it, up to the barrier; empty where it is its own barrier.
    pub needed_by: Vec<Step>,
    /// What the barrier says.
    pub reason: &'static Reason,
    /// What exactly is in the way.
    pub detail: Option<String>,
}

/// A place that a codemod looked at.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The codemod.
    pub codemod: &'static str,
    /// What is called there: `requests.get`. `None` where the place is no call (an argument that is in the way, say).
    pub what: Option<String>,
    /// Where it is.
    pub place: Spot,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a candidate.
#[derive(Clone, Debug)]
pub enum Fate {
    /// It is a unit of the plan, or would be with an option.
    Unit(Outcome),
    /// It is left.
    Left {
        /// Why.
        reason: &'static Reason,
        /// What exactly.
        detail: Option<String>,
    },
}

/// What stands on a line of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// The code of the innermost function of this number.
    Function(u32),
    /// Code at module level or in a class body.
    Module,
    /// Nothing: the file has only so many lines.
    Beyond(u32),
    /// The file cannot be read or parsed.
    Unreadable,
}

/// What the solver left behind, and how to ask for more.
pub struct Why<'a> {
    /// The files.
    pub project: &'a Project,
    /// What has joined.
    pub propagation: &'a Propagation,
    /// The functions that become async.
    pub recoloured: &'a FxHashSet<FunctionId>,
    /// Those that no seed needs, and that follow.
    pub followers: &'a FxHashSet<FunctionId>,
    /// The functions with which a program begins, and that run what is async in them.
    pub runners: &'a FxHashSet<FunctionId>,
    /// What is blocked.
    pub solution: &'a Solution,
    /// The functions that stay sync under a marker.
    pub stays: &'a FxHashSet<FunctionId>,
    /// The barriers of a function that have or get a marker.
    pub halves: &'a dyn Fn(FunctionId) -> Vec<InTheWay>,
    /// All barriers before a function, up to a number, and whether there are more.
    pub obstacles: &'a dyn Fn(FunctionId) -> (Vec<InTheWay>, bool),
    /// Every unit.
    pub units: &'a [Unit],
    /// What is said about each unit.
    pub reports: &'a [UnitReport],
    /// Whether each unit is taken.
    pub taken: &'a [bool],
    /// The units that are left for good, each with its reason.
    pub left: &'a [(usize, &'static Reason, Option<String>)],
    /// Followers in functions that stay sync: no candidates.
    pub hidden: &'a [usize],
    /// The calls that threads run.
    pub bridges: &'a [UnitReport],
    /// The candidates that never became units.
    pub skipped: &'a [Left],
    /// Whether the units of a codemod turn functions async.
    pub drives: &'a dyn Fn(&str) -> bool,
    /// Reads the facts of further files.
    pub loader: &'a dyn Loader,
    /// Reads the bytes of a file.
    pub read: &'a (dyn Fn(FileId) -> Option<Vec<u8>> + Sync),
    /// Says what stands on a line.
    pub line: &'a dyn Fn(FileId, u32) -> Line,
}

/// The functions from which a search came, each with the function that it came from; `None` for the first ones.
type Parents = FxHashMap<FunctionId, Option<(FunctionId, Link, FileId, u32)>>;

/// A candidate that wants functions to be async.
struct Seed {
    holders: Vec<FunctionId>,
    candidate: Candidate,
}

/// Seeds and what they reach.
struct Reach {
    seeds: Vec<Seed>,
    parents: Parents,
}

impl Why<'_> {
    /// Explains a place: `file.py:line`, `pkg.module.function`, `pkg.module:function`, `Class.method` or a bare name.
    pub fn answer(&self, place: &str) -> Answer {
        match Query::parse(place) {
            Query::Line { file, line } => self.at_line(file, line),
            Query::Name { within, name } => self.named(place, within, name),
        }
    }

    fn at_line(&self, path: &str, line: u32) -> Answer {
        let file = match self.files(path).as_slice() {
            [] => return self.no_file(path),
            [file] => *file,
            several => {
                return Answer::Several(
                    several
                        .iter()
                        .map(|&file| format!("{}:{line}", self.project.file(file).name))
                        .collect(),
                );
            }
        };
        let name = &self.project.file(file).name;
        let found = (self.line)(file, line);
        let candidates = self.candidates(|place, _| place.file == *name && place.line == line);
        let view = match found {
            Line::Function(_) | Line::Module => self.view(self.load(&[file])),
            Line::Beyond(_) | Line::Unreadable => Propagation::default(),
        };
        let functions: Vec<FunctionId> = match found {
            Line::Function(index) => self.described(FunctionId { file, index }),
            Line::Module => self.called_at(&view, file, line),
            Line::Beyond(lines) => {
                return Answer::Unknown {
                    message: format!("`{name}` has no line {line}"),
                    help: format!("it has {lines}"),
                };
            }
            Line::Unreadable => {
                return Answer::Unknown {
                    message: format!("`{name}` cannot be read as Python"),
                    help: format!("run `awaitify check {name}` to see what is wrong with it"),
                };
            }
        };
        Answer::Explained(Explained {
            candidates,
            functions: self.explain(&functions, &view),
        })
    }

    /// The functions that a definition describes, in a stub or as an overload: itself, if it runs.
    fn described(&self, definition: FunctionId) -> Vec<FunctionId> {
        let code: Vec<FileId> = match self.project.describes_code(definition.file) {
            true => (0..self.project.files.len() as u32)
                .map(FileId)
                .filter(|&file| self.project.stubs_of(file).contains(&definition.file))
                .collect(),
            false => vec![definition.file],
        };
        let files: Vec<FileId> = code.iter().copied().chain([definition.file]).collect();
        let extra = self.load(&files);
        let Some(described) = self.function(definition, &extra) else {
            return Vec::new();
        };
        if code == [definition.file] && !described.is_signature {
            return vec![definition];
        }
        let mut functions = Vec::new();
        for file in code {
            let Some(facts) = self.facts(file, &extra) else {
                continue;
            };
            for (index, function) in facts.functions.iter().enumerate() {
                if function.qualified_name == described.qualified_name && !function.is_signature {
                    let index = index as u32;
                    functions.push(FunctionId { file, index });
                }
            }
        }
        functions
    }

    /// The functions of the project that the module level calls on a line.
    fn called_at(&self, view: &Propagation, file: FileId, line: u32) -> Vec<FunctionId> {
        let Some(facts) = view.facts.get(&file) else {
            return Vec::new();
        };
        let resolver = Resolver::new(self.project, &view.facts, &view.names);
        let mut called: Vec<FunctionId> = facts
            .calls
            .iter()
            .filter(|call| call.line == line && call.runner == Runner::Module)
            .filter_map(|call| match resolver.called(file, &call.callee) {
                Called::Functions(functions) => Some(functions),
                _ => None,
            })
            .flatten()
            .collect();
        called.sort_unstable();
        called.dedup();
        called
    }

    fn named(&self, place: &str, within: Option<&str>, name: &str) -> Answer {
        let last = name.rsplit('.').next().unwrap_or(name);
        let mut defining: Vec<FileId> = self.defining("def", last);
        // A stub says nothing that the code does not.
        defining.retain(|&file| !self.project.describes_code(file));
        let extra = self.load(&defining);
        // Every function of that last name, with how well the place fits it.
        let mut exact: Vec<FunctionId> = Vec::new();
        let mut ending: Vec<FunctionId> = Vec::new();
        let mut others: Vec<String> = Vec::new();
        for &file in &defining {
            let Some(facts) = self.facts(file, &extra) else {
                continue;
            };
            for (index, function) in facts.functions.iter().enumerate() {
                if function.is_lambda || function.is_signature || function.name != last {
                    continue;
                }
                let id = FunctionId {
                    file,
                    index: index as u32,
                };
                match self.fit(file, &function.qualified_name, within, name) {
                    Some(true) => exact.push(id),
                    Some(false) => ending.push(id),
                    None => others.push(self.written(id, function)),
                }
            }
        }
        let found = if exact.is_empty() { ending } else { exact };
        // Definitions of one name in one file (overloads, `if`/`else`) are one function to the user.
        let mut choices: Vec<String> = found
            .iter()
            .filter_map(|&id| Some(self.written(id, self.function(id, &extra)?)))
            .collect();
        choices.sort();
        choices.dedup();
        let mut groups: Vec<(FileId, &str)> = found
            .iter()
            .filter_map(|&id| Some((id.file, self.function(id, &extra)?.qualified_name.as_str())))
            .collect();
        groups.sort_unstable();
        groups.dedup();
        match groups.len() {
            0 => self.no_function(place, last, others),
            1 => Answer::Explained(Explained {
                candidates: Vec::new(),
                functions: self.explain(&found, &self.view(extra)),
            }),
            // Two modules of one name: only the lines tell them apart.
            many if choices.len() < many => Answer::Several(
                found
                    .iter()
                    .filter_map(|&id| {
                        let place = self.name_of(id, self.function(id, &extra)?).place;
                        Some(format!("{}:{}", place.file, place.line))
                    })
                    .collect(),
            ),
            _ => Answer::Several(choices),
        }
    }

    /// Whether a place names a function of a file: `Some(true)` if it is its whole name, `Some(false)` for an ending.
    fn fit(&self, file: FileId, own: &str, within: Option<&str>, name: &str) -> Option<bool> {
        let module = self.project.file(file).module.name.as_str();
        let Some(within) = within else {
            let whole = format!("{module}.{own}");
            let whole = whole.trim_start_matches('.');
            return if whole == name {
                Some(true)
            } else {
                is_ending(whole, name, '.').then_some(false)
            };
        };
        let (in_whole, in_ending) = if is_python(within) {
            let path = within.trim_start_matches("./");
            let file = self.project.file(file).name.as_str();
            (file == path, is_ending(file, path, '/'))
        } else {
            (module == within, is_ending(module, within, '.'))
        };
        if in_whole && own == name {
            Some(true)
        } else {
            ((in_whole || in_ending) && (own == name || is_ending(own, name, '.'))).then_some(false)
        }
    }

    /// A function as one may write it: `pkg.module:Client.fetch`.
    fn written(&self, id: FunctionId, function: &Function) -> String {
        let module = &self.project.file(id.file).module.name;
        if module.is_empty() {
            return format!(
                "{}:{}",
                self.project.file(id.file).name,
                function.qualified_name
            );
        }
        format!("{module}:{}", function.qualified_name)
    }

    fn no_function(&self, place: &str, last: &str, mut others: Vec<String>) -> Answer {
        if others.is_empty() {
            others = self.methods_of(last);
        }
        others.sort();
        others.dedup();
        if others.is_empty() {
            let names: Vec<FxHashSet<String>> = self
                .python_files()
                .into_par_iter()
                .filter_map(|file| Some(definitions(&(self.read)(file)?, "def").collect()))
                .collect();
            let mut names: Vec<String> = names
                .into_iter()
                .flatten()
                .collect::<FxHashSet<String>>()
                .into_iter()
                .collect();
            names.sort_unstable();
            others = nearest(last, names);
        }
        Answer::Unknown {
            message: format!("no function `{place}` in these files"),
            help: suggest(
                others,
                "name it as `file.py:line`, `pkg.module:function` or `Class.method`",
            ),
        }
    }

    /// The methods of the classes of this name.
    fn methods_of(&self, class: &str) -> Vec<String> {
        let files = self.defining("class", class);
        let extra = self.load(&files);
        let mut methods = Vec::new();
        for &file in &files {
            let functions = self.facts(file, &extra).map(|facts| &facts.functions);
            for (index, function) in functions.into_iter().flatten().enumerate() {
                let owner = function.qualified_name.rsplit('.').nth(1);
                if owner == Some(class) && function.class.is_some() {
                    let id = FunctionId {
                        file,
                        index: index as u32,
                    };
                    methods.push(self.written(id, function));
                }
            }
        }
        methods
    }

    fn no_file(&self, path: &str) -> Answer {
        let names: Vec<String> = self
            .project
            .files
            .iter()
            .map(|file| file.name.clone())
            .collect();
        Answer::Unknown {
            message: format!("no file `{path}` among these files"),
            help: suggest(nearest(path, names), "check the spelling, and the paths"),
        }
    }

    /// The files that a path names: by its whole name, or else by its end.
    fn files(&self, path: &str) -> Vec<FileId> {
        let wanted = path.trim_start_matches("./").replace('\\', "/");
        let matching = |test: &dyn Fn(&crate::index::ProjectFile) -> bool| -> Vec<FileId> {
            self.project
                .files
                .iter()
                .enumerate()
                .filter(|(_, file)| test(file))
                .map(|(index, _)| FileId(index as u32))
                .collect()
        };
        let exact =
            matching(&|file| file.name == wanted || file.path == std::path::Path::new(path));
        if exact.is_empty() {
            matching(&|file| is_ending(&file.name, &wanted, '/'))
        } else {
            exact
        }
    }

    /// The modules. Stubs have no bodies, and are no place for an answer.
    fn python_files(&self) -> Vec<FileId> {
        self.project
            .files
            .iter()
            .enumerate()
            .filter(|(_, file)| file.path.extension().is_none_or(|ending| ending != "pyi"))
            .map(|(index, _)| FileId(index as u32))
            .collect()
    }

    /// The files that define a function, or a class, of this name.
    fn defining(&self, keyword: &'static str, name: &str) -> Vec<FileId> {
        self.python_files()
            .into_par_iter()
            .filter(|&file| {
                (self.read)(file).is_some_and(|bytes| {
                    definitions(&bytes, keyword).any(|defined| defined == name)
                })
            })
            .collect()
    }

    /// The facts of these files, as far as they have not joined.
    fn load(&self, files: &[FileId]) -> FxHashMap<FileId, FileFacts> {
        let wanted: Vec<FileId> = files
            .iter()
            .copied()
            .filter(|file| !self.propagation.facts.contains_key(file))
            .collect();
        self.loader.load(&wanted).into_iter().collect()
    }

    fn facts<'f>(
        &'f self,
        file: FileId,
        extra: &'f FxHashMap<FileId, FileFacts>,
    ) -> Option<&'f FileFacts> {
        self.propagation
            .facts
            .get(&file)
            .or_else(|| extra.get(&file))
    }

    fn function<'f>(
        &'f self,
        id: FunctionId,
        extra: &'f FxHashMap<FileId, FileFacts>,
    ) -> Option<&'f Function> {
        self.facts(id.file, extra)?.functions.get(id.index as usize)
    }

    fn name_of(&self, id: FunctionId, function: &Function) -> Named {
        let file = self.project.file(id.file);
        Named {
            module: file.module.name.clone(),
            name: function.qualified_name.clone(),
            place: Spot {
                file: file.name.clone(),
                line: function.line,
            },
        }
    }

    /// The candidates at some places and in some functions, in the order of their places.
    fn candidates(&self, wanted: impl Fn(&Place, &str) -> bool) -> Vec<Candidate> {
        let units = self
            .reports
            .iter()
            .enumerate()
            .filter(|(number, report)| {
                wanted(&report.place, &report.function) && !self.hidden.contains(number)
            })
            .map(|(number, _)| self.unit(number));
        let skipped = self
            .skipped
            .iter()
            .filter(|left| wanted(&left.place, &left.function))
            .map(skipped);
        let bridges = self
            .bridges
            .iter()
            .filter(|report| wanted(&report.place, &report.function))
            .map(|report| Candidate {
                codemod: report.codemod,
                what: what(&report.place),
                place: spot(&report.place),
                fate: Fate::Unit(report.outcome),
            });
        let mut candidates: Vec<Candidate> = units.chain(skipped).chain(bridges).collect();
        candidates.sort_by(|a, b| (&a.place, a.codemod).cmp(&(&b.place, b.codemod)));
        candidates
    }

    fn unit(&self, number: usize) -> Candidate {
        let report = &self.reports[number];
        let fate = self
            .left
            .iter()
            .find(|(unit, _, _)| *unit == number)
            .map_or(Fate::Unit(report.outcome), |(_, reason, detail)| {
                Fate::Left {
                    reason,
                    detail: detail.clone(),
                }
            });
        Candidate {
            codemod: report.codemod,
            what: what(&report.place),
            place: spot(&report.place),
            fate,
        }
    }

    /// What has joined, these files, and those that call what a barrier blocks: a plan has no use for them, but their
    /// functions stay sync because of it.
    fn view(&self, extra: FxHashMap<FileId, FileFacts>) -> Propagation {
        let mut view = Propagation {
            facts: self.propagation.facts.clone(),
            names: self.propagation.names.clone(),
            unread: self.propagation.unread.clone(),
            likely: self.propagation.likely.clone(),
            programs: self.propagation.programs.clone(),
            followed: self.propagation.followed.clone(),
            overrides: self.propagation.overrides.clone(),
            blocking: self.propagation.blocking.clone(),
            allow_unsafe: self.propagation.allow_unsafe,
            ..Propagation::default()
        };
        view.facts.extend(extra);
        let seeds = self.seeds(&view.facts, false);
        let starts: Vec<FunctionId> = seeds.into_iter().flat_map(|seed| seed.holders).collect();
        let mut tried: FxHashSet<FileId> = view.facts.keys().copied().collect();
        for _ in 0..ROUNDS {
            let resolver = Resolver::new(self.project, &view.facts, &view.names);
            let index = CallIndex::new(&resolver, &view);
            let mut new: Vec<String> = reach(&resolver, &index, starts.clone())
                .into_keys()
                .filter_map(|id| resolver.function(id))
                .filter(|function| !function.is_lambda && !view.names.contains(&function.name))
                .map(|function| function.name.clone())
                .collect();
            new.sort_unstable();
            new.dedup();
            if new.is_empty() {
                break;
            }
            let mut files = resolver.missing();
            files.extend(self.loader.holding(&new, &tried));
            files.sort_unstable();
            files.dedup();
            files.retain(|&file| tried.insert(file));
            view.facts.extend(self.loader.load(&files));
            view.names.extend(new);
        }
        view
    }

    fn explain(&self, functions: &[FunctionId], view: &Propagation) -> Vec<Explanation> {
        let extra = &view.facts;
        let resolver = Resolver::new(self.project, &view.facts, &view.names);
        let index = CallIndex::new(&resolver, view);
        let search = |seeds: Vec<Seed>| {
            let holders = seeds.iter().flat_map(|seed| seed.holders.iter().copied());
            let parents = reach(&resolver, &index, holders.collect());
            Reach { seeds, parents }
        };
        let taken = search(self.seeds(extra, true));
        let followed = search(self.followed());
        let left = search(self.seeds(extra, false));
        functions
            .iter()
            .filter_map(|&id| {
                let function = self.function(id, extra)?;
                let named = self.name_of(id, function);
                let verdict = if function.is_async {
                    Verdict::Already
                } else if self.runners.contains(&id)
                    && let Some(way) = self.way(&taken, id, extra)
                {
                    Verdict::Runs(way)
                } else if self.recoloured.contains(&id)
                    && let Some(way) = self.way(&taken, id, extra)
                {
                    Verdict::Becomes(way)
                } else if self.followers.contains(&id)
                    && let Some(way) = self.way(&followed, id, extra)
                {
                    Verdict::Becomes(way)
                } else if self.stays.contains(&id)
                    && let Some(way) = self.way(&taken, id, extra)
                    && let Some(barrier) = self.barrier(&index, id, extra)
                {
                    Verdict::Blocked {
                        way,
                        barrier,
                        all: Vec::new(),
                        more: false,
                    }
                } else {
                    self.stays(&left, &index, id, extra)
                };
                let candidates = self.candidates(|place, function| {
                    place.file == named.place.file && function == named.name
                });
                let is_half = self.recoloured.contains(&id) || self.stays.contains(&id);
                Some(Explanation {
                    function: named,
                    verdict,
                    halves: if is_half {
                        (self.halves)(id)
                    } else {
                        Vec::new()
                    },
                    candidates,
                })
            })
            .collect()
    }

    /// Why a sync function stays what it is.
    fn stays(
        &self,
        left: &Reach,
        index: &CallIndex,
        id: FunctionId,
        extra: &FxHashMap<FileId, FileFacts>,
    ) -> Verdict {
        let Some(way) = self.way(left, id, extra) else {
            // Nothing that is left leads here; a barrier of its own would be no news.
            return Verdict::Nothing;
        };
        let mut at = id;
        loop {
            if self.blocked(at).is_some() {
                return match self.barrier(index, at, extra) {
                    Some(barrier) => {
                        let (all, more) = (self.obstacles)(at);
                        Verdict::Blocked {
                            way,
                            barrier,
                            all,
                            more,
                        }
                    }
                    None => Verdict::Waits(way),
                };
            }
            match left.parents.get(&at) {
                Some(Some((next, ..))) => at = *next,
                _ => return Verdict::Waits(way),
            }
        }
    }

    fn blocked(&self, id: FunctionId) -> Option<&Blocked> {
        self.solution.blocked(Node::Holder(Holder::Function(id)))
    }

    /// The way from a function that cannot be async up to what forbids it.
    fn barrier(
        &self,
        index: &CallIndex,
        id: FunctionId,
        extra: &FxHashMap<FileId, FileFacts>,
    ) -> Option<Barrier> {
        let reason = self.blocked(id)?.reason;
        let (chain, detail) = self.solution.chain(Node::Holder(Holder::Function(id)));
        let mut needed_by = Vec::new();
        let mut at = Some(id);
        for node in chain {
            let Node::Holder(holder) = node else { continue };
            // The call through which the one needs the other; none where they only share a colour.
            let call = at.and_then(|at| {
                index.calls_of(at).iter().find_map(|&(file, number)| {
                    let call = self.facts(file, extra)?.calls.get(number)?;
                    (crate::propagate::holder(file, call.runner) == holder)
                        .then_some((file, call.line))
                })
            });
            let (function, next) = match holder {
                Holder::Function(id) => (self.name_of(id, self.function(id, extra)?), Some(id)),
                Holder::Module(file) | Holder::Statement(file, _) => {
                    (self.level(file, "module level"), None)
                }
                Holder::Class(file) => (self.level(file, "a class body"), None),
            };
            let link = if call.is_some() {
                Link::Call
            } else {
                Link::Colour
            };
            let at_line = call.map_or_else(
                || function.place.clone(),
                |(file, line)| self.spot(file, line),
            );
            needed_by.push(Step {
                link,
                function,
                at: at_line,
            });
            at = next;
        }
        Some(Barrier {
            function: self.name_of(id, self.function(id, extra)?),
            needed_by,
            reason,
            detail: detail.map(str::to_string),
        })
    }

    fn level(&self, file: FileId, what: &str) -> Named {
        let file = self.project.file(file);
        Named {
            module: file.module.name.clone(),
            name: format!("{what} of {}", file.name),
            place: Spot {
                file: file.name.clone(),
                line: 1,
            },
        }
    }

    fn spot(&self, file: FileId, line: u32) -> Spot {
        Spot {
            file: self.project.file(file).name.clone(),
            line,
        }
    }

    /// The taken units for whose sake functions follow.
    fn followed(&self) -> Vec<Seed> {
        let mut seeds: Vec<Seed> = self
            .units
            .iter()
            .enumerate()
            .filter(|(number, _)| self.taken[*number])
            .map(|(number, unit)| Seed {
                holders: unit
                    .needs_async
                    .iter()
                    .filter_map(|holder| match holder {
                        Holder::Function(id) if self.followers.contains(id) => Some(*id),
                        _ => None,
                    })
                    .collect(),
                candidate: self.unit(number),
            })
            .filter(|seed| !seed.holders.is_empty())
            .collect();
        seeds.sort_by(|a, b| a.candidate.place.cmp(&b.candidate.place));
        seeds
    }

    /// What drives the propagation: the taken units, or the candidates that are left.
    fn seeds(&self, extra: &FxHashMap<FileId, FileFacts>, taken: bool) -> Vec<Seed> {
        let mut seeds: Vec<Seed> = self
            .units
            .iter()
            .enumerate()
            .filter(|(number, unit)| {
                self.taken[*number] == taken
                    && (self.drives)(unit.codemod)
                    && !self.hidden.contains(number)
            })
            .map(|(number, unit)| Seed {
                holders: unit
                    .needs_async
                    .iter()
                    .filter_map(|holder| match holder {
                        Holder::Function(id) => Some(*id),
                        Holder::Module(_) | Holder::Statement(..) | Holder::Class(_) => None,
                    })
                    .collect(),
                candidate: self.unit(number),
            })
            .collect();
        if !taken {
            let files: FxHashMap<&str, FileId> = self
                .project
                .files
                .iter()
                .enumerate()
                .map(|(index, file)| (file.name.as_str(), FileId(index as u32)))
                .collect();
            seeds.extend(
                self.skipped
                    .iter()
                    .filter(|left| (self.drives)(left.codemod))
                    .filter_map(|left| {
                        let file = *files.get(left.place.file.as_str())?;
                        let functions = &self.facts(file, extra)?.functions;
                        let index = functions.iter().rposition(|function| {
                            function.qualified_name == left.function
                                && function.line <= left.place.line
                        })?;
                        Some(Seed {
                            holders: vec![FunctionId {
                                file,
                                index: index as u32,
                            }],
                            candidate: skipped(left),
                        })
                    }),
            );
        }
        seeds.sort_by(|a, b| a.candidate.place.cmp(&b.candidate.place));
        seeds
    }

    /// The shortest way from a function down to a seed.
    fn way(
        &self,
        reach: &Reach,
        id: FunctionId,
        extra: &FxHashMap<FileId, FileFacts>,
    ) -> Option<Way> {
        let mut steps = Vec::new();
        let mut at = id;
        while let &Some((next, link, file, line)) = reach.parents.get(&at)? {
            let function = self.name_of(next, self.function(next, extra)?);
            let place = match link {
                Link::Call => self.spot(file, line),
                Link::Colour => function.place.clone(),
            };
            steps.push(Step {
                link,
                function,
                at: place,
            });
            at = next;
        }
        let seed = reach.seeds.iter().find(|seed| seed.holders.contains(&at))?;
        Some(Way {
            steps,
            seed: seed.candidate.clone(),
        })
    }
}

/// Breadth first from functions to those that must have their colour: callers, families, peers. Async functions end it.
fn reach(resolver: &Resolver<'_>, index: &CallIndex, starts: Vec<FunctionId>) -> Parents {
    let mut parents = Parents::default();
    let mut queue: VecDeque<FunctionId> = VecDeque::new();
    for start in starts {
        if parents.insert(start, None).is_none() {
            queue.push_back(start);
        }
    }
    while let Some(id) = queue.pop_front() {
        let Some(function) = resolver.function(id) else {
            continue;
        };
        if function.is_async {
            continue;
        }
        let callers = index.calls_of(id).iter().filter_map(|&(file, number)| {
            let call = resolver.call(file, number)?;
            match call.runner {
                Runner::Function(index) => {
                    Some((FunctionId { file, index }, Link::Call, file, call.line))
                }
                Runner::Module | Runner::Class => None,
            }
        });
        let kin = resolver
            .family(id)
            .into_iter()
            .chain(index.peers_of(id))
            .chain(index.shared_with(id))
            .map(|other| (other, Link::Colour, id.file, function.line));
        for (next, link, file, line) in callers.chain(kin) {
            if let std::collections::hash_map::Entry::Vacant(entry) = parents.entry(next) {
                entry.insert(Some((id, link, file, line)));
                queue.push_back(next);
            }
        }
    }
    parents
}

/// A place as the user writes it.
#[derive(Debug, PartialEq, Eq)]
enum Query<'p> {
    /// `file.py:12`, or `file.py:12:5` as other tools print it.
    Line { file: &'p str, line: u32 },
    /// A dotted name, perhaps within a module or file: `pkg.module:function`, `file.py:function`.
    Name {
        within: Option<&'p str>,
        name: &'p str,
    },
}

impl<'p> Query<'p> {
    fn parse(place: &'p str) -> Self {
        let place = place.trim();
        let Some((before, after)) = place.rsplit_once(':') else {
            return Self::Name {
                within: None,
                name: place,
            };
        };
        if let Ok(line) = after.parse() {
            if let Some((file, first)) = before.rsplit_once(':')
                && let Ok(line) = first.parse()
            {
                return Self::Line { file, line };
            }
            return Self::Line { file: before, line };
        }
        Self::Name {
            within: Some(before.trim_end_matches(':')),
            name: after,
        }
    }
}

fn is_python(path: &str) -> bool {
    path.ends_with(".py")
}

/// Whether a path ends with these whole parts.
fn is_ending(whole: &str, end: &str, separator: char) -> bool {
    whole
        .strip_suffix(end)
        .is_some_and(|before| before.is_empty() || before.ends_with(separator))
}

/// The names behind each `def` or `class`: a comment may hold one, but no definition is missed.
fn definitions<'b>(bytes: &'b [u8], keyword: &'static str) -> impl Iterator<Item = String> + 'b {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    memchr::memmem::find_iter(bytes, keyword).filter_map(move |at| {
        let is_word = at
            .checked_sub(1)
            .is_none_or(|before| !is_part(bytes[before]));
        let rest = &bytes[at + keyword.len()..];
        let blanks = rest
            .iter()
            .position(|byte| !matches!(byte, b' ' | b'\t' | b'\\' | b'\r' | b'\n'))?;
        let name = &rest[blanks..];
        let end = name
            .iter()
            .position(|&byte| !is_part(byte))
            .unwrap_or(name.len());
        (is_word && blanks > 0 && end > 0)
            .then(|| String::from_utf8_lossy(&name[..end]).into_owned())
    })
}

/// The nearest names to one, best first.
fn nearest(word: &str, mut known: Vec<String>) -> Vec<String> {
    let mut found = Vec::new();
    while found.len() < SUGGESTIONS
        && let Some(name) = config::nearest(word, known.iter().map(String::as_str))
    {
        let name = name.to_string();
        known.retain(|other| *other != name);
        found.push(name);
    }
    found
}

fn suggest(names: Vec<String>, otherwise: &str) -> String {
    if names.is_empty() {
        return otherwise.to_string();
    }
    let more = names.len() > SUGGESTIONS;
    let quoted: Vec<String> = names
        .iter()
        .take(SUGGESTIONS)
        .map(|name| format!("`{name}`"))
        .collect();
    format!(
        "did you mean {}{}?",
        quoted.join(" or "),
        if more { ", or another" } else { "" }
    )
}

fn skipped(left: &Left) -> Candidate {
    Candidate {
        codemod: left.codemod,
        what: what(&left.place),
        place: spot(&left.place),
        fate: Fate::Left {
            reason: left.reason,
            detail: left.detail.clone(),
        },
    }
}

fn spot(place: &Place) -> Spot {
    Spot {
        file: place.file.clone(),
        line: place.line,
    }
}

/// What is called at a place: the word before its first bracket, `requests.get` of `response = requests.get(url)`.
pub(crate) fn what(place: &Place) -> Option<String> {
    let skip = place.column.saturating_sub(1) as usize;
    let rest: String = place.snippet.chars().skip(skip).collect();
    let length = place.end.saturating_sub(place.start) as usize;
    let (text, after) = rest.split_at_checked(length).unwrap_or((&rest, ""));
    let before = match text.split_once('(') {
        Some((before, _)) => before,
        None if after.starts_with('(') => text,
        None => return None,
    };
    let last = before.split_whitespace().next_back()?;
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.');
    last.chars().all(is_part).then(|| last.to_string())
}

#[cfg(test)]
mod tests {
    use super::{Query, definitions, is_ending, nearest, what};
    use crate::plan::Place;

    #[test]
    fn places_are_lines_or_names() {
        let line = |file, line| Query::Line { file, line };
        let name = |within, name| Query::Name { within, name };
        for (place, expected) in [
            ("a/b.py:12", line("a/b.py", 12)),
            ("a/b.py:12:5", line("a/b.py", 12)),
            (
                "pkg.mod:Client.fetch",
                name(Some("pkg.mod"), "Client.fetch"),
            ),
            ("b.py::fetch", name(Some("b.py"), "fetch")),
            ("pkg.mod.fetch", name(None, "pkg.mod.fetch")),
            ("fetch", name(None, "fetch")),
        ] {
            assert_eq!(Query::parse(place), expected, "{place}");
        }
    }

    #[test]
    fn endings_are_whole_parts() {
        assert!(is_ending("a.b.c", "b.c", '.'));
        assert!(is_ending("a.b.c", "a.b.c", '.'));
        assert!(!is_ending("a.bb.c", "b.c", '.'));
    }

    #[test]
    fn definitions_are_found_by_their_word() {
        let text = b"def f(): ...\nasync  def\tg(): undef = 1\nxdef h(): 0\ndef\\\n i(): 0\ndef";
        let found: Vec<String> = definitions(text, "def").collect();
        assert_eq!(found, ["f", "g", "i"]);
    }

    #[test]
    fn the_nearest_names_come_first() {
        let known = ["load", "load_all", "store"].map(String::from).to_vec();
        assert_eq!(nearest("laod", known)[0], "load");
    }

    #[test]
    fn a_candidate_is_called_by_what_it_calls() {
        let at = |snippet: &str, column: u32, length: u32| {
            what(&Place {
                file: "a.py".to_string(),
                line: 1,
                column,
                start: 0,
                end: length,
                snippet: snippet.to_string(),
            })
        };
        let called = |name: &str| Some(name.to_string());
        let line = "    x = requests.get(url)";
        assert_eq!(at(line, 9, 17), called("requests.get"));
        assert_eq!(at(line, 9, 12), called("requests.get"));
        assert_eq!(at(line, 5, 21), called("requests.get"));
        assert_eq!(at("    with open(path) as file:", 5, 200), called("open"));
        assert_eq!(at(line, 22, 3), None);
        assert_eq!(at("é = [s.x for s in y]", 5, 15), None);
        assert_eq!(at("x", 9, 17), None);
    }
}
