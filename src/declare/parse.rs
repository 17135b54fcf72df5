//! Reads a `codemod.toml`: every mistake at once, each with its line, what is wrong and the nearest right word.

use rustc_hash::{FxHashMap, FxHashSet};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{
    Arguments, Colour, Declared, Function, Life, Member, Mistake, Named, Sql, Transaction, Twin,
    Type, When,
};
use crate::codemod::Role;
use crate::config::{PostgresDriver, hint};
use crate::python::PythonVersion;
use crate::selector::{is_pattern, matches_pattern};

/// A file that was read.
pub(super) struct Head {
    pub(super) name: Option<String>,
    pub(super) summary: String,
    pub(super) role: Role,
    pub(super) min_python: Option<PythonVersion>,
    pub(super) declared: Declared,
}

/// The keys of the file.
pub(super) const KEYS: &[&str] = &[
    "name",
    "summary",
    "role",
    "from",
    "min-python",
    "install",
    "remove",
    "postgres-driver",
    "type",
    "function",
    "exceptions",
    "caught",
    "caught-with",
    "refuse",
];

/// The keys of `[[type]]`.
pub(super) const TYPE_KEYS: &[&str] = &[
    "name",
    "sync",
    "async",
    "import",
    "construct",
    "await",
    "pages",
    "page",
    "same",
    "chain",
    "iterate",
    "enter",
    "open",
    "rename",
    "gives",
    "refuse",
    "unsafe",
    "result",
    "pick",
    "set",
    "fixed",
    "negate",
    "start",
    "around",
    "index",
    "takes",
    "install",
    "transaction",
    "with",
    "for",
    "all",
    "item",
    "items",
    "data",
    "attributes",
    "life",
    "passed",
    "constructor",
    "arguments",
    "when",
];

/// The keys of `[[function]]`.
pub(super) const FUNCTION_KEYS: &[&str] = &[
    "sync",
    "async",
    "import",
    "await",
    "iterate",
    "gives",
    "takes",
    "method",
    "open",
    "unsafe",
    "arguments",
];

/// The keys of a table of arguments.
pub(super) const ARGUMENT_KEYS: &[&str] = &[
    "positional",
    "rename",
    "add",
    "refuse",
    "require",
    "takes",
    "values",
    "forbid",
    "idle",
    "drop",
    "wrap",
    "gather",
    "sql",
];

/// The keys of `[[type.when]]`.
pub(super) const WHEN_KEYS: &[&str] = &["call", "argument", "given", "gives"];

/// The words of `life`.
pub(super) const LIVES: &[&str] = &["free", "close", "enter", "end"];

/// The words of `transaction`.
pub(super) const TRANSACTIONS: &[&str] = &["closes", "commits"];

/// The words of `role`.
pub(super) const ROLES: &[&str] = &["seed", "follower"];

/// The words of `from`.
pub(super) const ORIGINS: &[&str] = &["sync", "async"];

/// The words of `postgres-driver`.
pub(super) const DRIVERS: &[&str] = &["psycopg", "asyncpg"];

/// The words of `sql`.
pub(super) const SQL: &[&str] = &["in-list", "rows"];

/// Words that a newcomer may write for a key, and the key.
const SYNONYMS: &[(&str, &str)] = &[
    ("awaited", "await"),
    ("class", "sync"),
    ("context_manager", "with"),
    ("context-manager", "with"),
    ("coroutines", "await"),
    ("errors", "exceptions"),
    ("ignore", "refuse"),
    ("iter", "for"),
    ("iterable", "for"),
    ("methods", "await"),
    ("new", "async"),
    ("old", "sync"),
    ("returns", "gives"),
    ("skip", "refuse"),
    ("target", "async"),
    ("twin", "async"),
    ("unchanged", "same"),
];

/// Reads the text of a file.
pub(super) fn parse(text: &str) -> Result<Head, Vec<Mistake>> {
    let document = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        vec![Mistake {
            line,
            message: format!("not valid TOML: {}", error.message()),
        }]
    })?;
    let mut reader = Reader {
        text,
        mistakes: Vec::new(),
        types: FxHashMap::default(),
        count: 0,
    };
    let head = reader.head(document.get_ref());
    if reader.mistakes.is_empty() {
        return Ok(head);
    }
    let mut mistakes = reader.mistakes;
    mistakes.sort();
    mistakes.dedup();
    Err(mistakes)
}

fn line_of(text: &str, offset: usize) -> u32 {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    u32::try_from(memchr::memchr_iter(b'\n', before).count() + 1).unwrap_or(u32::MAX)
}

/// What is written in the file at one place.
struct Word {
    text: String,
    at: usize,
}

struct Reader<'t> {
    text: &'t str,
    mistakes: Vec<Mistake>,
    /// The numbers of the types by name.
    types: FxHashMap<String, usize>,
    /// How many types have names.
    count: usize,
}

impl Reader<'_> {
    fn head(&mut self, table: &DeTable<'_>) -> Head {
        let mut head = Head {
            name: None,
            summary: String::new(),
            role: Role::Seed,
            min_python: None,
            declared: Declared::default(),
        };
        self.check_keys("a codemod.toml", table, KEYS);
        let types = self.tables("type", table);
        let functions = self.tables("function", table);
        self.names_of(&types);
        self.count = types.len();
        if let Some(word) = self.word("name", table) {
            let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            if word.text.is_empty() || !word.text.chars().all(is_name) {
                let message = format!(
                    "name: `{}` is not made of lower-case letters, digits and underscores",
                    word.text
                );
                self.mistake(word.at, message);
            }
            head.name = Some(word.text);
        }
        match self.word("summary", table) {
            Some(word) => head.summary = word.text,
            None if table.contains_key("summary") => {}
            None => {
                let message = "`summary` is missing: say in one line what the codemod does";
                self.mistake(0, message.to_string());
            }
        }
        if let Some(word) = self.word("role", table) {
            match word.text.as_str() {
                "seed" => {}
                "follower" => head.role = Role::Follower,
                other => {
                    let hint = hint(other, ROLES.iter().copied());
                    let message = format!(
                        "role must be \"seed\" (its calls turn their callers async) or \"follower\" (only where code is async), not \"{other}\"{hint}"
                    );
                    self.mistake(word.at, message);
                }
            }
        }
        if let Some(word) = self.word("from", table) {
            match word.text.as_str() {
                "sync" => {}
                "async" => head.declared.is_async = true,
                other => {
                    let hint = hint(other, ORIGINS.iter().copied());
                    let message = format!(
                        "from must be \"sync\" or \"async\" (the old library is async as well: what is awaited stays so), not \"{other}\"{hint}"
                    );
                    self.mistake(word.at, message);
                }
            }
        }
        if let Some(word) = self.word("postgres-driver", table) {
            match word.text.as_str() {
                "psycopg" => head.declared.postgres_driver = Some(PostgresDriver::Psycopg),
                "asyncpg" => head.declared.postgres_driver = Some(PostgresDriver::Asyncpg),
                other => {
                    let hint = hint(other, DRIVERS.iter().copied());
                    let message = format!(
                        "postgres-driver must be \"psycopg\" or \"asyncpg\" (the setting with which the codemod runs), not \"{other}\"{hint}"
                    );
                    self.mistake(word.at, message);
                }
            }
        }
        if let Some(word) = self.word("min-python", table) {
            match word.text.parse() {
                Ok(version) => head.min_python = Some(version),
                Err(message) => self.mistake(word.at, format!("min-python: {message}")),
            }
        }
        let declared = &mut head.declared;
        let texts = |words: Vec<Word>| words.into_iter().map(|word| word.text).collect();
        declared.install = texts(self.words("install", table));
        declared.remove = texts(self.words("remove", table));
        for (old, new) in self.pairs("exceptions", table) {
            self.check_path("exceptions", &old);
            self.check_path("exceptions", &new);
            let twin = Twin {
                path: new.text,
                import: None,
            };
            declared.exceptions.push((old.text, twin));
        }
        for (old, new) in self.pairs("caught", table) {
            for word in [&old, &new] {
                if !is_identifier(&word.text) {
                    let message =
                        format!("caught: `{}` is not the name of an attribute", word.text);
                    self.mistake(word.at, message);
                }
            }
            declared.caught.push((old.text, new.text));
        }
        declared.caught_with = self.caught_with(table);
        for (path, reason) in self.pairs("refuse", table) {
            self.check_path("refuse", &path);
            self.add_path(declared, &path, Named::Refused(declared.refused.len()));
            declared.refused.push((path.text, reason.text));
        }
        for (number, type_) in types.iter().enumerate() {
            let type_ = self.type_(type_, number, declared);
            declared.types.push(type_);
        }
        // What `iterate` and `enter` give: values that are good for one thing.
        let (iterated, with) = (true, true);
        declared.types.extend([
            Type {
                iterated,
                ..Type::default()
            },
            Type {
                with,
                ..Type::default()
            },
        ]);
        for (number, function) in functions.iter().enumerate() {
            let function = self.function(function, number, declared);
            declared.functions.push(function);
        }
        if self.mistakes.is_empty() {
            for (type_, value) in declared.types.iter().zip(&types) {
                if type_.twin.is_none() && !is_given(declared, &type_.name) {
                    let message = format!(
                        "[[type]] `{}` has no `async`: write the dotted path of its twin, or let another member say that it `gives` one",
                        type_.name
                    );
                    self.mistake(value.span().start, message);
                }
            }
        }
        if types.is_empty() && functions.is_empty() && self.mistakes.is_empty() {
            let message = "there is no [[type]] and no [[function]], so nothing to migrate";
            self.mistake(0, message.to_string());
        }
        head
    }

    /// The names by which types refer to each other: `name`, else the last part of the first path.
    fn names_of(&mut self, types: &[&Spanned<DeValue<'_>>]) {
        for (number, value) in types.iter().enumerate() {
            let Some(table) = value.get_ref().as_table() else {
                continue;
            };
            let own = table.get("name").and_then(|name| {
                let text = name.get_ref().as_str()?;
                Some((text, name.span().start))
            });
            let first = || {
                let sync = table.get("sync")?;
                let first = match sync.get_ref() {
                    DeValue::Array(items) => items.iter().next()?,
                    _ => sync,
                };
                let path = first.get_ref().as_str()?;
                Some((path.rsplit('.').next()?, first.span().start))
            };
            let Some((name, at)) = own.or_else(first) else {
                continue;
            };
            if self.types.insert(name.to_string(), number).is_some() {
                self.mistake(
                    at,
                    format!(
                        "there are two types of the name `{name}`: give one of them another `name`"
                    ),
                );
            }
        }
    }

    fn type_(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        number: usize,
        declared: &mut Declared,
    ) -> Type {
        let mut type_ = Type::default();
        let Some(table) = value.get_ref().as_table() else {
            return type_;
        };
        let at = value.span().start;
        self.check_keys("[[type]]", table, TYPE_KEYS);
        if let Some(name) = self.word("name", table) {
            type_.name = name.text;
        }
        let paths = self.one_or_more("sync", table);
        if paths.is_empty() && !table.contains_key("sync") {
            let message =
                "[[type]] has no `sync`: the dotted path of the class, such as \"our_sdk.Client\"";
            self.mistake(at, message.to_string());
        }
        type_.construct = self
            .words("construct", table)
            .into_iter()
            .map(|word| word.text)
            .collect();
        for path in paths {
            self.check_path("sync", &path);
            if type_.name.is_empty() {
                type_.name = path.text.rsplit('.').next().unwrap_or("").to_string();
            }
            for method in &type_.construct {
                let word = Word {
                    text: format!("{}.{method}", path.text),
                    at: path.at,
                };
                self.add_path(declared, &word, Named::Constructor(number));
            }
            self.add_path(declared, &path, Named::Type(number));
            if let Some(twin) = table.get("async")
                && twin.get_ref().as_str() == Some(&path.text)
            {
                let message = format!("async: `{}` is the sync class itself", path.text);
                self.mistake(twin.span().start, message);
            }
            type_.sync.push(path.text);
        }
        type_.twin = self.twin(table);
        type_.with = self.flag("with", table);
        type_.iterated = self.flag("for", table);
        type_.all = self.word("all", table).map(|word| {
            self.check_member("all", &word);
            word.text
        });
        type_.is_data = self.flag("data", table);
        type_.passed = self
            .words("passed", table)
            .into_iter()
            .map(|word| word.text)
            .collect();
        type_.item = self.reference("item", table);
        type_.attributes = self.reference("attributes", table);
        for (key, name) in self.pairs("items", table) {
            if let Some(gives) = self.type_named("items", &name) {
                type_.items.insert(key.text, gives);
            }
        }
        if let Some(word) = self.word("life", table) {
            match word.text.as_str() {
                "free" => type_.life = Life::Free,
                "close" => type_.life = Life::Close,
                "enter" => type_.life = Life::Enter,
                "end" => type_.life = Life::End,
                other => {
                    let hint = hint(other, LIVES.iter().copied());
                    let message = format!(
                        "life must be \"free\", \"close\", \"enter\" or \"end\", not \"{other}\"{hint}"
                    );
                    self.mistake(word.at, message);
                }
            }
        }
        if let Some(word) = self.word("transaction", table) {
            type_.transaction = match word.text.as_str() {
                "closes" => Some(Transaction::Closes),
                "commits" => Some(Transaction::Commits),
                other => {
                    let hint = hint(other, TRANSACTIONS.iter().copied());
                    let message = format!(
                        "transaction must be \"closes\" or \"commits\", what `async with` does with the twin, not \"{other}\"{hint}"
                    );
                    self.mistake(word.at, message);
                    None
                }
            };
        }
        type_.with |= type_.transaction.is_some();
        for (name, method) in self.pairs("set", table) {
            self.check_member("set", &method);
            type_.set.insert(name.text, method.text);
        }
        for (name, why) in self.pairs("fixed", table) {
            type_.fixed.insert(name.text, why.text);
        }
        for (name, other) in self.pairs("negate", table) {
            self.check_member("negate", &other);
            type_.negate.insert(name.text, other.text);
        }
        if let Some(word) = self.word("start", table) {
            self.check_member("start", &word);
            type_.start = Some(word.text);
        }
        if let Some(word) = self.word("around", table) {
            self.check_template("around", &word);
            type_.around = Some(word.text);
        }
        if let Some(word) = self.word("index", table) {
            if !word.text.starts_with('.') || word.text.matches("{}").count() != 1 {
                let message = format!(
                    "index: `{}` is written behind the value, with one `{{}}` for the index, such as `.skip({{}}).limit(1).to_list()`",
                    word.text
                );
                self.mistake(word.at, message);
            }
            type_.index = Some(word.text);
        }
        for (method, name) in self.pairs("takes", table) {
            self.check_member("takes", &method);
            if let Some(taken) = self.type_named("takes", &name) {
                type_.takes.insert(method.text, taken);
            }
        }
        type_.install = self
            .words("install", table)
            .into_iter()
            .map(|word| word.text)
            .collect();
        if let Some(arguments) = table.get("constructor") {
            type_.constructor = self.arguments("constructor", arguments);
        }
        self.members(table, number, &mut type_);
        type_
    }

    /// The members of a type, from the lists of colours and the tables that add to them.
    fn members(&mut self, table: &DeTable<'_>, number: usize, type_: &mut Type) {
        let mut members: FxHashMap<String, (Member, usize)> = FxHashMap::default();
        let mut order: Vec<String> = Vec::new();
        let page = self.reference("page", table);
        if let Some(pages) = table.get("pages")
            && page.is_none()
            && !table.contains_key("page")
        {
            let message = "`pages` needs `page`: the name of the [[type]] that these calls give";
            self.mistake(pages.span().start, message.to_string());
        }
        let iterated = self.anonymous(true);
        let entered = self.anonymous(false);
        for (key, colour, gives) in [
            ("await", Colour::Awaited, None),
            ("pages", Colour::Awaited, page),
            ("open", Colour::Awaited, None),
            ("same", Colour::Same, None),
            ("chain", Colour::Same, Some(number)),
            ("iterate", Colour::Same, Some(iterated)),
            ("enter", Colour::Same, Some(entered)),
        ] {
            for word in self.one_or_more(key, table) {
                self.check_member(key, &word);
                let member = Member {
                    colour: colour.clone(),
                    is_pages: key == "pages",
                    is_open: key == "open",
                    gives,
                    ..Member::default()
                };
                self.add_member(&mut members, &mut order, key, &word, member);
            }
        }
        for (word, reason) in self.pairs("refuse", table) {
            self.check_member("refuse", &word);
            if reason.text.trim().is_empty() {
                let message = format!("refuse: say why `{}` has no twin", word.text);
                self.mistake(reason.at, message);
            }
            let member = Member {
                colour: Colour::Refused(reason.text),
                ..Member::default()
            };
            self.add_member(&mut members, &mut order, "refuse", &word, member);
        }
        // A member that only gives a value of another type stays as it is.
        for (word, name) in self.pairs("gives", table) {
            let gives = self.type_named("gives", &name);
            // Its colour is that of the pattern that it fits, if one does.
            let like = order.iter().find(|own| {
                is_pattern(own) && !word.text.starts_with('_') && matches_pattern(own, &word.text)
            });
            let like = like.and_then(|own| members.get(own));
            let member = like.map(|(member, _)| member.clone()).unwrap_or_default();
            let (member, _) = members.entry(word.text.clone()).or_insert_with(|| {
                order.push(word.text.clone());
                (member, word.at)
            });
            member.gives = gives.or(member.gives);
        }
        let known: Vec<String> = order.clone();
        for (word, name) in self.pairs("rename", table) {
            if !is_identifier(&name.text) {
                let message = format!(
                    "rename: `{}` is not a name: write that of the member alone, such as `aclose`",
                    name.text
                );
                self.mistake(name.at, message);
            }
            if let Some(member) = self.known("rename", &word, &mut members, &known) {
                member.rename = Some(name.text);
            }
        }
        for (word, note) in self.pairs("unsafe", table) {
            if let Some(member) = self.known("unsafe", &word, &mut members, &known) {
                member.note = Some(note.text);
            }
        }
        for (word, text) in self.pairs("result", table) {
            if let Some(member) = self.known("result", &word, &mut members, &known) {
                member.result = Some(text.text);
            }
        }
        for (word, text) in self.pairs("pick", table) {
            if !text.text.starts_with(['[', '.']) {
                let message = format!(
                    "pick: `{}` is written behind the call, such as `[0]` or `.rows`",
                    text.text
                );
                self.mistake(text.at, message);
            }
            if let Some(member) = self.known("pick", &word, &mut members, &known) {
                member.pick = Some(text.text);
            }
        }
        if let Some(value) = table.get("arguments") {
            match value.get_ref().as_table() {
                Some(tables) => {
                    for (key, value) in tables {
                        let word = Word {
                            text: key.get_ref().to_string(),
                            at: key.span().start,
                        };
                        let arguments = self.arguments(&format!("arguments.{}", word.text), value);
                        if let Some(member) = self.known("arguments", &word, &mut members, &known) {
                            member.arguments = arguments;
                        }
                    }
                }
                None => self.wrong_type("arguments", "a table of tables", value),
            }
        }
        for value in self.tables("when", table) {
            let Some(when) = value.get_ref().as_table() else {
                continue;
            };
            self.check_keys("[[type.when]]", when, WHEN_KEYS);
            let (call, argument) = (self.word("call", when), self.word("argument", when));
            let gives = self.reference("gives", when);
            let is_given = self.flag("given", when);
            let (Some(call), Some(argument), Some(gives)) = (call, argument, gives) else {
                let needed = ["call", "argument", "gives"];
                if !needed.iter().all(|key| when.contains_key(*key)) {
                    let message = "[[type.when]] needs `call`, `argument` and `gives`";
                    self.mistake(value.span().start, message.to_string());
                }
                continue;
            };
            if let Some(member) = self.known("when", &call, &mut members, &known) {
                member.when = Some(When {
                    argument: argument.text,
                    is_given,
                    gives,
                });
            }
        }
        let mut prefixes = FxHashSet::default();
        for name in order {
            let Some((member, _)) = members.remove(&name) else {
                continue;
            };
            if is_pattern(&name) {
                type_.patterns.push((name, member));
                continue;
            }
            for (dot, _) in name.match_indices('.') {
                prefixes.insert(name[..dot].to_string());
            }
            type_.members.insert(name, member);
        }
        // What is a member itself is no beginning of others: its colour decides.
        prefixes.retain(|prefix: &String| !type_.members.contains_key(prefix));
        type_.prefixes = prefixes;
    }

    fn add_member(
        &mut self,
        members: &mut FxHashMap<String, (Member, usize)>,
        order: &mut Vec<String>,
        key: &str,
        word: &Word,
        member: Member,
    ) {
        if let Some((_, first)) = members.get(&word.text) {
            let line = line_of(self.text, *first);
            let message = format!(
                "{key}: `{}` has its colour in line {line} already: name each member once",
                word.text
            );
            self.mistake(word.at, message);
            return;
        }
        order.push(word.text.clone());
        members.insert(word.text.clone(), (member, word.at));
    }

    /// The member of a name that has a colour already.
    fn known<'m>(
        &mut self,
        key: &str,
        word: &Word,
        members: &'m mut FxHashMap<String, (Member, usize)>,
        known: &[String],
    ) -> Option<&'m mut Member> {
        if !members.contains_key(&word.text) {
            let hint = hint(&word.text, known.iter().map(String::as_str));
            let message = format!(
                "{key}: `{}` is in none of the lists `await`, `pages`, `open`, `same`, `chain`, `iterate` and `enter`{hint}",
                word.text
            );
            self.mistake(word.at, message);
        }
        members.get_mut(&word.text).map(|(member, _)| member)
    }

    fn function(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        number: usize,
        declared: &mut Declared,
    ) -> Function {
        let mut function = Function::default();
        let Some(table) = value.get_ref().as_table() else {
            return function;
        };
        self.check_keys("[[function]]", table, FUNCTION_KEYS);
        let at = value.span().start;
        let paths = self.one_or_more("sync", table);
        if paths.is_empty() && !table.contains_key("sync") {
            let message = "[[function]] has no `sync`: its dotted path, such as \"our_sdk.fetch\"";
            self.mistake(at, message.to_string());
        }
        for path in paths {
            self.check_path("sync", &path);
            self.add_path(declared, &path, Named::Function(number));
            function.sync.push(path.text);
        }
        function.method = self.word("method", table).map(|word| {
            self.check_member("method", &word);
            word.text
        });
        match self.twin(table) {
            Some(twin) => function.twin = twin,
            None if table.contains_key("async") || table.contains_key("method") => {}
            None => {
                let message = "[[function]] has no `async`: the dotted path of its twin (or `method`: that of its first argument)";
                self.mistake(at, message.to_string());
            }
        }
        let iterates = self.flag("iterate", table);
        let awaited = table
            .get("await")
            .map_or(!iterates, |_| self.flag("await", table));
        let gives = self.reference("gives", table);
        function.takes = self.flag("takes", table) || function.method.is_some();
        function.member = Member {
            colour: if awaited {
                Colour::Awaited
            } else {
                Colour::Same
            },
            gives: match iterates {
                true => Some(self.anonymous(true)),
                false => gives,
            },
            note: self.word("unsafe", table).map(|word| word.text),
            is_open: self.flag("open", table),
            ..Member::default()
        };
        if let Some(arguments) = table.get("arguments") {
            function.member.arguments = self.arguments("arguments", arguments);
        }
        function
    }

    fn twin(&mut self, table: &DeTable<'_>) -> Option<Twin> {
        let word = self.word("async", table)?;
        let import = self.word("import", table);
        match &import {
            Some(import) => {
                if !import.text.split('.').all(is_identifier) {
                    let message = format!("import: `{}` is not a module", import.text);
                    self.mistake(import.at, message);
                }
                let is_below = word
                    .text
                    .strip_prefix(&import.text)
                    .is_some_and(|rest| rest.starts_with('.'));
                if !is_below {
                    let message = format!(
                        "import: `{}` is not the module that `{}` begins with",
                        import.text, word.text
                    );
                    self.mistake(import.at, message);
                }
            }
            None => self.check_path("async", &word),
        }
        Some(Twin {
            path: word.text,
            import: import.map(|word| word.text),
        })
    }

    fn arguments(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Arguments {
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(key, "a table", value);
            return Arguments::default();
        };
        self.check_keys(key, table, ARGUMENT_KEYS);
        let pairs = |pairs: Vec<(Word, Word)>| {
            pairs
                .into_iter()
                .map(|(key, value)| (key.text, value.text))
                .collect()
        };
        Arguments {
            positional: self
                .words("positional", table)
                .into_iter()
                .map(|word| word.text)
                .collect(),
            rename: pairs(self.pairs("rename", table)),
            add: pairs(self.pairs("add", table)),
            refuse: pairs(self.pairs("refuse", table)),
            require: pairs(self.pairs("require", table)),
            values: self.values(table),
            forbid: pairs(self.pairs("forbid", table)),
            idle: pairs(self.pairs("idle", table)),
            drop: self
                .words("drop", table)
                .into_iter()
                .map(|word| word.text)
                .collect(),
            wrap: {
                let wrap = self.pairs("wrap", table);
                for (_, text) in &wrap {
                    self.check_template("wrap", text);
                }
                pairs(wrap)
            },
            gather: self.word("gather", table).map(|word| word.text),
            sql: self.sql(table),
            takes: {
                let named = self.pairs("takes", table).into_iter();
                named
                    .filter_map(|(key, name)| Some((key.text, self.type_named("takes", &name)?)))
                    .collect()
            },
        }
    }

    fn sql(&mut self, table: &DeTable<'_>) -> Option<Sql> {
        let word = self.word("sql", table)?;
        match word.text.as_str() {
            "in-list" => Some(Sql::InList),
            "rows" => Some(Sql::Rows),
            other => {
                let hint = hint(other, SQL.iter().copied());
                let message = format!("sql must be \"in-list\" or \"rows\", not \"{other}\"{hint}");
                self.mistake(word.at, message);
                None
            }
        }
    }

    /// What stands for the values of arguments: a table for each keyword or position.
    fn values(&mut self, table: &DeTable<'_>) -> Vec<(String, Vec<(String, Twin)>)> {
        let Some(value) = table.get("values") else {
            return Vec::new();
        };
        let Some(tables) = value.get_ref().as_table() else {
            self.wrong_type("values", "a table of tables", value);
            return Vec::new();
        };
        let mut found = Vec::new();
        for (key, value) in tables {
            if value.get_ref().as_table().is_none() {
                self.wrong_type(&format!("values.{}", key.get_ref()), "a table", value);
                continue;
            }
            let mut values = Vec::new();
            for (old, new) in self.pairs(key.get_ref(), tables) {
                self.check_path("values", &old);
                self.check_path("values", &new);
                let twin = Twin {
                    path: new.text,
                    import: None,
                };
                values.push((old.text, twin));
            }
            found.push((key.get_ref().to_string(), values));
        }
        found
    }

    /// The number of the type of what is only iterated, or only entered.
    fn anonymous(&self, is_iterated: bool) -> usize {
        self.count + usize::from(!is_iterated)
    }

    /// The number of the type that a key names.
    fn reference(&mut self, key: &str, table: &DeTable<'_>) -> Option<usize> {
        let word = self.word(key, table)?;
        self.type_named(key, &word)
    }

    fn type_named(&mut self, key: &str, word: &Word) -> Option<usize> {
        let number = self.types.get(&word.text).copied();
        if number.is_none() {
            let mut hint = hint(&word.text, self.types.keys().map(String::as_str));
            if hint.is_empty() && !self.types.is_empty() {
                let mut names: Vec<&str> = self.types.keys().map(String::as_str).collect();
                names.sort_unstable();
                hint = format!("; there are {}", names.join(", "));
            }
            let message = format!("{key}: no [[type]] has the name `{}`{hint}", word.text);
            self.mistake(word.at, message);
        }
        number
    }

    fn add_path(&mut self, declared: &mut Declared, path: &Word, named: Named) {
        if declared.paths.insert(path.text.clone(), named).is_some() {
            let message = format!("`{}` is declared twice", path.text);
            self.mistake(path.at, message);
        }
    }

    /// Whether a word is a dotted path of a module's member.
    fn check_path(&mut self, key: &str, word: &Word) {
        let is_dotted = word.text.contains('.');
        if !is_dotted || !word.text.split('.').all(is_identifier) {
            let message = format!(
                "{key}: `{}` is not a dotted path such as `our_sdk.Client`",
                word.text
            );
            self.mistake(word.at, message);
        }
    }

    /// Whether a word is the name of a member, dotted names and patterns included.
    fn check_member(&mut self, key: &str, word: &Word) {
        if let Some((class, rest)) = word.text.split_once('.')
            && self.types.contains_key(class)
            && class.starts_with(char::is_uppercase)
        {
            let message = format!(
                "{key}: write `{rest}` for `{}`: members are named without their class",
                word.text
            );
            self.mistake(word.at, message);
        }
        let is_name = |part: &str| is_pattern(part) || is_identifier(part);
        if !word.text.split('.').all(is_name) {
            let message = format!(
                "{key}: `{}` is not the name of a member: write it without brackets, such as `get` or `files.list`",
                word.text
            );
            self.mistake(word.at, message);
        }
    }

    /// Whether a word is Python text with `{}` for what it is about.
    fn check_template(&mut self, key: &str, word: &Word) {
        if !word.text.contains("{}") {
            let message = format!(
                "{key}: `{}` has no `{{}}`, which stands for the argument, such as `our_sdk.wrapped({{}})`",
                word.text
            );
            self.mistake(word.at, message);
        }
    }

    fn check_keys(&mut self, what: &str, table: &DeTable<'_>, known: &[&str]) {
        for (key, _) in table {
            let name = key.get_ref().as_ref();
            if !known.contains(&name) {
                let mut synonyms = SYNONYMS.iter();
                let synonym = synonyms.find(|(word, key)| *word == name && known.contains(key));
                let mut hint = match synonym {
                    Some((_, key)) => format!("; did you mean `{key}`?"),
                    None => hint(name, known.iter().copied()),
                };
                if hint.is_empty() {
                    hint = format!("; it may hold {}", known.join(", "));
                }
                let message = format!("unknown key `{name}` in {what}{hint}");
                self.mistake(key.span().start, message);
            }
        }
    }

    /// The tables of `[[key]]`.
    fn tables<'v, 'i>(
        &mut self,
        key: &str,
        table: &'v DeTable<'i>,
    ) -> Vec<&'v Spanned<DeValue<'i>>> {
        let Some(value) = table.get(key) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            let message = format!("write [[{key}]] with two brackets: there may be several");
            self.mistake(value.span().start, message);
            return Vec::new();
        };
        let mut found = Vec::new();
        for item in items.iter() {
            match item.get_ref().as_table() {
                Some(_) => found.push(item),
                None => self.wrong_type(key, "tables: write [[type]]", item),
            }
        }
        found
    }

    /// A table of strings.
    fn pairs(&mut self, key: &str, table: &DeTable<'_>) -> Vec<(Word, Word)> {
        let Some(value) = table.get(key) else {
            return Vec::new();
        };
        let Some(pairs) = value.get_ref().as_table() else {
            let example = match key {
                "refuse" | "unsafe" | "result" | "fixed" => "{ run = \"why\" }",
                "gives" | "items" => "{ cursor = \"Cursor\" }",
                "exceptions" => "{ \"our_sdk.Timeout\" = \"our_sdk.aio.Timeout\" }",
                _ => "{ close = \"aclose\" }",
            };
            self.wrong_type(key, &format!("a table, such as {example}"), value);
            return Vec::new();
        };
        let mut found = Vec::new();
        for (name, value) in pairs {
            match value.get_ref().as_str() {
                Some(text) => found.push((
                    Word {
                        text: name.get_ref().to_string(),
                        at: name.span().start,
                    },
                    Word {
                        text: text.to_string(),
                        at: value.span().start,
                    },
                )),
                None => self.wrong_type(&format!("{key}.{}", name.get_ref()), "a string", value),
            }
        }
        found
    }

    /// The exceptions that handlers have to name beside others.
    fn caught_with(&mut self, table: &DeTable<'_>) -> Vec<(String, Vec<String>)> {
        const KEY: &str = "caught-with";
        let Some(value) = table.get(KEY) else {
            return Vec::new();
        };
        let Some(lists) = value.get_ref().as_table() else {
            let example = "{ \"our_sdk.Closed\" = [\"our_sdk.Failed\"] }";
            self.wrong_type(KEY, &format!("a table, such as {example}"), value);
            return Vec::new();
        };
        let mut found = Vec::new();
        for (name, _) in lists {
            let one = Word {
                text: name.get_ref().to_string(),
                at: name.span().start,
            };
            self.check_path(KEY, &one);
            let others = self.words(name.get_ref(), lists);
            for other in &others {
                self.check_path(KEY, other);
            }
            let texts = others.into_iter().map(|word| word.text).collect();
            found.push((one.text, texts));
        }
        found
    }

    /// A list of strings.
    fn words(&mut self, key: &str, table: &DeTable<'_>) -> Vec<Word> {
        let Some(value) = table.get(key) else {
            return Vec::new();
        };
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(key, "a list of strings", value);
            return Vec::new();
        };
        let mut found = Vec::new();
        for item in items.iter() {
            match item.get_ref().as_str() {
                Some(text) => found.push(Word {
                    text: text.to_string(),
                    at: item.span().start,
                }),
                None => self.wrong_type(key, "a list of strings", item),
            }
        }
        found
    }

    /// A string, or a list of them.
    fn one_or_more(&mut self, key: &str, table: &DeTable<'_>) -> Vec<Word> {
        match table.get(key) {
            Some(value) if value.get_ref().as_str().is_some() => {
                self.word(key, table).into_iter().collect()
            }
            _ => self.words(key, table),
        }
    }

    fn word(&mut self, key: &str, table: &DeTable<'_>) -> Option<Word> {
        let value = table.get(key)?;
        match value.get_ref().as_str() {
            Some(text) => Some(Word {
                text: text.to_string(),
                at: value.span().start,
            }),
            None => {
                self.wrong_type(key, "a string", value);
                None
            }
        }
    }

    fn flag(&mut self, key: &str, table: &DeTable<'_>) -> bool {
        let Some(value) = table.get(key) else {
            return false;
        };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong_type(key, "true or false", value);
            false
        })
    }

    fn wrong_type(&mut self, key: &str, wanted: &str, value: &Spanned<DeValue<'_>>) {
        let found = value.get_ref().type_str();
        let message = format!("{key} must be {wanted}, found: {found}");
        self.mistake(value.span().start, message);
    }

    fn mistake(&mut self, at: usize, message: String) {
        let line = line_of(self.text, at);
        self.mistakes.push(Mistake { line, message });
    }
}

/// Whether a member or function gives values of the type of this name.
fn is_given(declared: &Declared, name: &str) -> bool {
    let is_it = |number: usize| {
        declared
            .types
            .get(number)
            .is_some_and(|type_| type_.name == name)
    };
    let by_member = |member: &Member| {
        let when = member.when.as_ref().map(|when| when.gives);
        member.gives.into_iter().chain(when).any(is_it)
    };
    declared
        .functions
        .iter()
        .any(|function| by_member(&function.member))
        || declared.types.iter().any(|type_| {
            let own = type_.item.into_iter().chain(type_.attributes);
            own.chain(type_.items.values().copied()).any(is_it)
                || type_
                    .members()
                    .into_iter()
                    .any(|(_, member)| by_member(member))
        })
}

fn is_identifier(text: &str) -> bool {
    let mut letters = text.chars();
    letters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
}
