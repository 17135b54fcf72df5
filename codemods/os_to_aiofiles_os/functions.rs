//! The functions of `os`, `os.path`, `shutil` and `glob` that reach the disk, and what becomes of each.
//!
//! Sources: <https://github.com/Tinche/aiofiles/blob/v25.1.0/src/aiofiles/os.py> and `ospath.py` (what aiofiles has), and
//! the Python library reference. `os.path.join`, `basename` and the like only work on text and are not here.

/// How async code calls a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// aiofiles has it under the same name.
    Aiofiles,
    /// A thread runs it.
    Thread,
    /// A thread makes a list of what it yields.
    Listing,
}

/// A function that blocks.
pub struct Function {
    /// Its dotted path.
    pub path: &'static str,
    /// The same in quotes, as test doubles name it.
    pub doubles: &'static [&'static str],
    /// What becomes of its calls.
    pub way: Way,
}

macro_rules! functions {
    ($($way:ident: $($path:literal)*;)*) => {
        &[$($(Function {
            path: $path,
            doubles: &[concat!("\"", $path, "\""), concat!("'", $path, "'")],
            way: Way::$way,
        },)*)*]
    };
}

/// Every function, in no order that counts.
pub static FUNCTIONS: &[Function] = functions! {
    Aiofiles:
        "os.access" "os.getcwd" "os.link" "os.listdir" "os.makedirs" "os.mkdir" "os.readlink" "os.remove"
        "os.removedirs" "os.rename" "os.renames" "os.replace" "os.rmdir" "os.scandir" "os.sendfile" "os.stat"
        "os.statvfs" "os.symlink" "os.unlink"
        "os.path.abspath" "os.path.exists" "os.path.getatime" "os.path.getctime" "os.path.getmtime"
        "os.path.getsize" "os.path.isdir" "os.path.isfile" "os.path.islink" "os.path.ismount"
        "os.path.samefile" "os.path.sameopenfile";
    Thread:
        "os.chmod" "os.chown" "os.fdatasync" "os.fsync" "os.lstat" "os.path.lexists" "os.path.realpath"
        "os.truncate" "os.utime"
        "glob.glob"
        "shutil.chown" "shutil.copy" "shutil.copy2" "shutil.copyfile" "shutil.copymode" "shutil.copystat"
        "shutil.copytree" "shutil.disk_usage" "shutil.make_archive" "shutil.move" "shutil.rmtree"
        "shutil.unpack_archive" "shutil.which";
    Listing:
        "os.walk" "glob.iglob";
};
