//! Python language versions.

use std::fmt;
use std::str::FromStr;

/// A Python version, `major.minor`. Ordered, so `version >= PythonVersion::PY311` is a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PythonVersion {
    /// Always 3 in practice.
    pub major: u8,
    /// 8 to 15.
    pub minor: u8,
}

impl PythonVersion {
    /// Python 3.8: the oldest version that awaitify knows.
    pub const PY38: Self = Self { major: 3, minor: 8 };
    /// Python 3.9: `asyncio.to_thread`, parenthesised `with` items.
    pub const PY39: Self = Self { major: 3, minor: 9 };
    /// Python 3.10: `anext`, `contextlib.aclosing`.
    pub const PY310: Self = Self {
        major: 3,
        minor: 10,
    };
    /// Python 3.11: `asyncio.TaskGroup`, `asyncio.timeout`, nested async comprehensions.
    pub const PY311: Self = Self {
        major: 3,
        minor: 11,
    };
    /// Python 3.12.
    pub const PY312: Self = Self {
        major: 3,
        minor: 12,
    };
    /// Python 3.13.
    pub const PY313: Self = Self {
        major: 3,
        minor: 13,
    };
    /// Python 3.14: the newest version that awaitify knows.
    pub const PY314: Self = Self {
        major: 3,
        minor: 14,
    };
    /// The version that is assumed where neither the command line nor the project names one.
    pub const DEFAULT: Self = Self::PY311;

    /// The same version for the parser.
    pub fn to_ruff(self) -> ruff_python_ast::PythonVersion {
        ruff_python_ast::PythonVersion {
            major: self.major,
            minor: self.minor,
        }
    }
}

impl fmt::Display for PythonVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl FromStr for PythonVersion {
    type Err = String;

    /// Reads `3.11`, `py311` and `3.11.4`. The error says what is allowed.
    fn from_str(text: &str) -> Result<Self, String> {
        let error = || {
            format!("`{text}` is not a Python version from 3.8 to 3.14; write it as 3.11 or py311")
        };
        let plain = text
            .strip_prefix("py")
            .map(|digits| match digits.split_at_checked(1) {
                Some((major, minor)) => format!("{major}.{minor}"),
                None => digits.to_string(),
            });
        let plain = plain.as_deref().unwrap_or(text);
        let mut parts = plain.split('.');
        let major: u8 = parts
            .next()
            .and_then(|p| p.parse().ok())
            .ok_or_else(error)?;
        let minor: u8 = parts
            .next()
            .and_then(|p| p.parse().ok())
            .ok_or_else(error)?;
        let version = Self { major, minor };
        if (Self::PY38..=Self::PY314).contains(&version) {
            Ok(version)
        } else {
            Err(error())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PythonVersion;

    #[test]
    fn reads_the_usual_spellings() {
        assert_eq!("3.11".parse(), Ok(PythonVersion::PY311));
        assert_eq!("py38".parse(), Ok(PythonVersion::PY38));
        assert_eq!("3.12.1".parse(), Ok(PythonVersion::PY312));
        for bad in ["2.7", "3", "py", "", "3.x", "3.99"] {
            assert!(bad.parse::<PythonVersion>().is_err(), "{bad}");
        }
    }
}
