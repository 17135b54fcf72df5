//! Bytes to text and back. Pure: the bytes come from [`crate::discovery::read`].
//!
//! The encoding is found as CPython's tokenizer finds it (PEP 263, `Parser/tokenizer.c`): a UTF-8 byte order mark, a
//! `coding` comment on line 1 or 2, else UTF-8. A file is only accepted if its text encodes to the very same bytes
//! again, so that whatever an edit does not touch stays byte for byte as it was.

use std::borrow::Cow;
use std::fmt;

use encoding_rs::{DecoderResult, EncoderResult};

use crate::plan::{Problem, Severity};

/// The longest file, in bytes, and the longest decoded text: offsets are `u32`, and edited text may grow to twice
/// the size before they overflow.
pub const MAX_LEN: usize = (u32::MAX / 2) as usize;

/// The UTF-8 byte order mark.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// A decoded file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The text. A byte order mark stays in front, as U+FEFF. Line ends are kept but for lone carriage returns, which
    /// are line feeds here, as Python reads them: offsets are the same, and [`Self::original`] has them back.
    pub text: String,
    /// The encoding it was decoded from.
    pub encoding: Encoding,
    /// The offsets of the lone carriage returns, sorted.
    lone_returns: Vec<usize>,
}

/// An encoding that awaitify can read and write back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8: the default, with or without byte order mark.
    Utf8,
    /// ASCII, declared: Python rejects any other byte.
    Ascii,
    /// ISO-8859-1: each byte is the code point of the same number. (WHATWG's `latin1`, and so `encoding_rs`, means
    /// windows-1252.)
    Latin1,
    /// ISO-8859-9: ISO-8859-1 but for six Turkish letters. (WHATWG means windows-1254.)
    Latin5,
    /// An encoding of `encoding_rs` that reads a Python file as Python's codec does: the bytes below 0x80 that stand
    /// for ASCII are the same ones.
    Other(&'static encoding_rs::Encoding),
}

/// Where [`Encoding::Latin5`] differs from [`Encoding::Latin1`].
const LATIN5: [(u8, char); 6] = [
    (0xD0, 'Ğ'),
    (0xDD, 'İ'),
    (0xDE, 'Ş'),
    (0xF0, 'ğ'),
    (0xFD, 'ı'),
    (0xFE, 'ş'),
];

/// Why a file cannot be read as Python source. The file is skipped; the others go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Longer than [`MAX_LEN`], in bytes or as decoded text.
    TooLong,
    /// A NUL byte, which Python rejects.
    Nul {
        /// 1-based line of the first one.
        line: u32,
    },
    /// A UTF-16 or UTF-32 byte order mark, or a comment that names such an encoding. Python reads neither.
    Wide {
        /// 1-based line.
        line: u32,
    },
    /// The `coding` comment names an encoding that awaitify does not know.
    UnknownEncoding {
        /// The name, as written.
        cookie: String,
        /// 1-based line of the comment.
        line: u32,
    },
    /// A UTF-8 byte order mark and a `coding` comment that says otherwise.
    BomMismatch {
        /// The name, as written.
        cookie: String,
        /// 1-based line of the comment.
        line: u32,
    },
    /// No `coding` comment, and not UTF-8.
    NotUtf8 {
        /// 1-based line of the first byte that is not.
        line: u32,
    },
    /// The bytes are not what the `coding` comment says.
    NotAsDeclared {
        /// The name, as written.
        cookie: String,
        /// 1-based line of the first bad byte.
        line: u32,
    },
    /// The text would not encode to the same bytes again.
    NotReversible {
        /// The name, as written.
        cookie: String,
        /// 1-based line of the first byte that would change.
        line: u32,
    },
}

/// Edited text holds a character that the file's encoding cannot write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodeError {
    /// The first such character.
    pub character: char,
    /// Its offset in the text, in bytes.
    pub offset: usize,
    /// The name of the encoding.
    pub encoding: &'static str,
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the new text holds {:?}, which {} cannot write",
            self.character, self.encoding
        )
    }
}

impl std::error::Error for EncodeError {}

impl ReadError {
    /// 1-based line that the error is about, where there is one.
    pub fn line(&self) -> Option<u32> {
        match self {
            Self::TooLong => None,
            Self::Nul { line }
            | Self::Wide { line }
            | Self::UnknownEncoding { line, .. }
            | Self::BomMismatch { line, .. }
            | Self::NotUtf8 { line }
            | Self::NotAsDeclared { line, .. }
            | Self::NotReversible { line, .. } => Some(*line),
        }
    }

    /// What is wrong: a phrase without a full stop.
    pub fn message(&self) -> String {
        match self {
            Self::TooLong => format!("longer than {} GiB", MAX_LEN.div_ceil(1 << 30)),
            Self::Nul { .. } => "holds a NUL byte, which Python does not allow".to_string(),
            Self::Wide { .. } => {
                "is in UTF-16 or UTF-32, which Python does not read as source".to_string()
            }
            Self::UnknownEncoding { cookie, .. } => {
                format!("declares the encoding `{cookie}`, which awaitify does not know")
            }
            Self::BomMismatch { cookie, .. } => {
                format!("starts with a UTF-8 byte order mark but declares `{cookie}`")
            }
            Self::NotUtf8 { .. } => "is not UTF-8 and declares no other encoding".to_string(),
            Self::NotAsDeclared { cookie, .. } => {
                format!("declares the encoding `{cookie}` but holds bytes that are not")
            }
            Self::NotReversible { cookie, .. } => {
                format!("cannot be written back in `{cookie}` without changing other bytes")
            }
        }
    }

    /// What to do about it: one sentence in the imperative, no full stop.
    pub fn remedy(&self) -> String {
        match self {
            Self::TooLong => "split the file, or exclude it",
            Self::Nul { .. } => "remove the NUL bytes, or save the file as UTF-8",
            Self::Wide { .. } => "save it as UTF-8",
            Self::UnknownEncoding { .. } => "save it as UTF-8, or correct the `coding` comment",
            Self::BomMismatch { .. } => "write `utf-8` in the `coding` comment, or drop the comment",
            Self::NotUtf8 { .. } => {
                "save it as UTF-8 or declare its encoding in a `# -*- coding: ... -*-` comment on line 1 or 2"
            }
            Self::NotAsDeclared { .. } => {
                "save it in the declared encoding, or correct the `coding` comment"
            }
            Self::NotReversible { .. } => "save it as UTF-8 and correct the `coding` comment",
        }
        .to_string()
    }

    /// The error as a warning about `file`, the name shown to the user.
    pub fn to_problem(&self, file: &str) -> Problem {
        Problem {
            severity: Severity::Warning,
            file: file.to_string(),
            line: self.line(),
            message: self.message(),
            remedy: self.remedy(),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line() {
            write!(f, "line {line}: ")?;
        }
        f.write_str(&self.message())
    }
}

impl std::error::Error for ReadError {}

/// Decodes a Python file.
///
/// Invariant: `source.encode(&source.original()) == bytes`.
///
/// # Errors
/// See [`ReadError`].
pub fn decode(bytes: &[u8]) -> Result<Source, ReadError> {
    decode_within(bytes, MAX_LEN)
}

/// [`decode`] with the limit as a parameter, so that a test need not hold 2 GiB.
fn decode_within(bytes: &[u8], limit: usize) -> Result<Source, ReadError> {
    if bytes.len() > limit {
        return Err(ReadError::TooLong);
    }
    if bytes.starts_with(b"\xff\xfe")
        || bytes.starts_with(b"\xfe\xff")
        || bytes.starts_with(b"\x00\x00\xfe\xff")
    {
        return Err(ReadError::Wide { line: 1 });
    }
    if let Some(at) = memchr::memchr(0, bytes) {
        return Err(ReadError::Nul {
            line: line_at(bytes, at),
        });
    }
    let after_bom = bytes.strip_prefix(BOM);
    let (encoding, cookie) = match find_cookie(after_bom.unwrap_or(bytes)) {
        None => (Encoding::Utf8, None),
        Some((cookie, line)) => {
            let name = common_name(cookie);
            // CPython compares the names here, not the codecs: `utf8` is not `utf-8`.
            if after_bom.is_some() && name != "utf-8" {
                let cookie = cookie.to_string();
                return Err(ReadError::BomMismatch { cookie, line });
            }
            let encoding = Encoding::for_name(name).ok_or_else(|| {
                if is_wide(name) {
                    ReadError::Wide { line }
                } else {
                    let cookie = cookie.to_string();
                    ReadError::UnknownEncoding { cookie, line }
                }
            })?;
            (encoding, Some(cookie))
        }
    };
    let text = encoding.decode(bytes).map_err(|failure| match failure {
        Failure::Malformed(at) => {
            let line = line_at(bytes, at);
            match cookie {
                None => ReadError::NotUtf8 { line },
                Some(cookie) => ReadError::NotAsDeclared {
                    cookie: cookie.to_string(),
                    line,
                },
            }
        }
        Failure::NotReversible(at) => ReadError::NotReversible {
            cookie: cookie.unwrap_or("utf-8").to_string(),
            line: line_at(bytes, at),
        },
    })?;
    if text.len() > limit {
        return Err(ReadError::TooLong);
    }
    let (text, lone_returns) = feed_lines(text);
    Ok(Source {
        text,
        encoding,
        lone_returns,
    })
}

/// Makes line feeds of lone carriage returns, and says where they were. Few files have any.
fn feed_lines(text: String) -> (String, Vec<usize>) {
    let bytes = text.as_bytes();
    let lone: Vec<usize> = memchr::memchr_iter(b'\r', bytes)
        .filter(|at| bytes.get(at + 1) != Some(&b'\n'))
        .collect();
    (replace_bytes(text, &lone, b'\n'), lone)
}

/// Writes an ASCII character over others.
fn replace_bytes(text: String, offsets: &[usize], byte: u8) -> String {
    if offsets.is_empty() {
        return text;
    }
    let mut bytes = text.into_bytes();
    for at in offsets {
        if let Some(place) = bytes.get_mut(*at) {
            *place = byte;
        }
    }
    // It stays UTF-8: one ASCII character took the place of another.
    String::from_utf8(bytes).unwrap_or_default()
}

impl Source {
    /// The text as the file has it, with its lone carriage returns.
    pub fn original(&self) -> Cow<'_, str> {
        if self.lone_returns.is_empty() {
            return Cow::Borrowed(&self.text);
        }
        Cow::Owned(replace_bytes(self.text.clone(), &self.lone_returns, b'\r'))
    }

    /// Gives new text for the offset `at` the line ends of the original there, if those are lone carriage returns.
    pub fn return_lines(&self, at: usize, new: &mut String) {
        if self.lone_returns.is_empty() || !new.contains('\n') {
            return;
        }
        let bytes = self.text.as_bytes();
        let at = at.min(bytes.len());
        let near = memchr::memchr(b'\n', &bytes[at..])
            .map(|found| at + found)
            .or_else(|| memchr::memrchr(b'\n', &bytes[..at]));
        if near.is_some_and(|near| self.lone_returns.binary_search(&near).is_ok()) {
            *new = new.replace('\n', "\r");
        }
    }

    /// Encodes an edited `text` for the file that `self` was read from.
    ///
    /// # Errors
    /// When the text holds a character that the encoding lacks.
    pub fn encode(&self, text: &str) -> Result<Vec<u8>, EncodeError> {
        self.encoding.encode(text)
    }
}

/// Why [`Encoding::decode`] failed, with the offset of a byte.
enum Failure {
    /// Not a character of the encoding.
    Malformed(usize),
    /// A character that would be written in another way.
    NotReversible(usize),
}

impl Encoding {
    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Ascii => "ascii",
            Self::Latin1 => "iso-8859-1",
            Self::Latin5 => "iso-8859-9",
            Self::Other(encoding) => encoding.name(),
        }
    }

    /// Looks a codec up as Python's `encodings` package does: the name in lower case, each run of other characters
    /// than letters, digits and dots as one underscore, then the aliases of `encodings/aliases.py`.
    ///
    /// Left out on purpose: stateful encodings (`iso-2022-jp`, `hz`, `utf-7`), in which the bytes after an edit
    /// could depend on it; codecs without a counterpart in `encoding_rs` (most `cp` code pages of DOS); and codecs
    /// that are none of text.
    fn for_name(name: &str) -> Option<Self> {
        let mut normal = String::with_capacity(name.len());
        for c in name.chars() {
            if c.is_ascii_alphanumeric() || c == '.' {
                normal.push(c.to_ascii_lowercase());
            } else if !normal.is_empty() && !normal.ends_with('_') {
                normal.push('_');
            }
        }
        let normal = normal.trim_end_matches('_').replace('.', "_");
        Some(match normal.as_str() {
            "utf_8" | "cp65001" | "u8" | "utf" | "utf8" | "utf8_ucs2" | "utf8_ucs4" => Self::Utf8,
            "ascii" | "646" | "ansi_x3_4_1968" | "ansi_x3_4_1986" | "cp367" | "csascii"
            | "ibm367" | "iso646_us" | "iso_646_irv_1991" | "iso_ir_6" | "us" | "us_ascii" => {
                Self::Ascii
            }
            "latin_1" | "8859" | "cp819" | "csisolatin1" | "ibm819" | "iso8859" | "iso8859_1"
            | "iso_8859_1" | "iso_8859_1_1987" | "iso_ir_100" | "l1" | "latin" | "latin1" => {
                Self::Latin1
            }
            "iso8859_9" | "csisolatin5" | "iso_8859_9" | "iso_8859_9_1989" | "iso_ir_148"
            | "l5" | "latin5" => Self::Latin5,
            other => Self::Other(shared_codec(other)?),
        })
    }

    /// The text of `bytes`, if every byte is valid and is written back as it was.
    fn decode(self, bytes: &[u8]) -> Result<String, Failure> {
        match self {
            Self::Utf8 => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(text.to_string()),
                Err(error) => Err(Failure::Malformed(error.valid_up_to())),
            },
            Self::Ascii => match bytes.iter().position(|byte| !byte.is_ascii()) {
                None => Ok(bytes.iter().copied().map(char::from).collect()),
                Some(at) => Err(Failure::Malformed(at)),
            },
            Self::Latin1 => Ok(bytes.iter().copied().map(char::from).collect()),
            Self::Latin5 => Ok(bytes
                .iter()
                .map(|byte| {
                    let special = LATIN5.iter().find(|(b, _)| b == byte);
                    special.map_or(char::from(*byte), |(_, c)| *c)
                })
                .collect()),
            Self::Other(encoding) => decode_shared(encoding, bytes),
        }
    }

    /// The bytes of `text`.
    fn encode(self, text: &str) -> Result<Vec<u8>, EncodeError> {
        let by_character = |byte_of: &dyn Fn(char) -> Option<u8>| {
            let byte = |(offset, character)| {
                byte_of(character).ok_or(EncodeError {
                    character,
                    offset,
                    encoding: self.name(),
                })
            };
            text.char_indices().map(byte).collect()
        };
        match self {
            Self::Utf8 => Ok(text.as_bytes().to_vec()),
            Self::Ascii => by_character(&|c| u8::try_from(c).ok().filter(u8::is_ascii)),
            Self::Latin1 => by_character(&|c| u8::try_from(c).ok()),
            Self::Latin5 => by_character(&|c| {
                let special = LATIN5.iter().find(|(_, special)| *special == c);
                special.map(|(byte, _)| *byte).or_else(|| {
                    let byte = u8::try_from(c).ok()?;
                    LATIN5
                        .iter()
                        .all(|(taken, _)| *taken != byte)
                        .then_some(byte)
                })
            }),
            Self::Other(encoding) => encode_shared(encoding, text),
        }
    }
}

/// The `encoding_rs` encoding for a normalised Python codec name or alias, where both mean the same file. Compared
/// with CPython 3.11's codecs over every sequence of one or two bytes: ASCII characters stand in the same places.
/// Some take more bytes than Python does, and a few read another symbol (`〜` for `～` in `shift_jis`), which the way
/// back undoes. The duplicates of cp932 and big5 fail the roundtrip.
fn shared_codec(name: &str) -> Option<&'static encoding_rs::Encoding> {
    Some(match name {
        "iso8859_2" | "csisolatin2" | "iso_8859_2" | "iso_8859_2_1987" | "iso_ir_101" | "l2"
        | "latin2" => encoding_rs::ISO_8859_2,
        "iso8859_3" | "csisolatin3" | "iso_8859_3" | "iso_8859_3_1988" | "iso_ir_109" | "l3"
        | "latin3" => encoding_rs::ISO_8859_3,
        "iso8859_4" | "csisolatin4" | "iso_8859_4" | "iso_8859_4_1988" | "iso_ir_110" | "l4"
        | "latin4" => encoding_rs::ISO_8859_4,
        "iso8859_5" | "csisolatincyrillic" | "cyrillic" | "iso_8859_5" | "iso_8859_5_1988"
        | "iso_ir_144" => encoding_rs::ISO_8859_5,
        "iso8859_6" | "arabic" | "asmo_708" | "csisolatinarabic" | "ecma_114" | "iso_8859_6"
        | "iso_8859_6_1987" | "iso_ir_127" => encoding_rs::ISO_8859_6,
        "iso8859_7" | "csisolatingreek" | "ecma_118" | "elot_928" | "greek" | "greek8"
        | "iso_8859_7" | "iso_8859_7_1987" | "iso_ir_126" => encoding_rs::ISO_8859_7,
        "iso8859_8" | "csisolatinhebrew" | "hebrew" | "iso_8859_8" | "iso_8859_8_1988"
        | "iso_ir_138" => encoding_rs::ISO_8859_8,
        "iso8859_10" | "csisolatin6" | "iso_8859_10" | "iso_8859_10_1992" | "iso_ir_157" | "l6"
        | "latin6" => encoding_rs::ISO_8859_10,
        "iso8859_13" | "iso_8859_13" | "l7" | "latin7" => encoding_rs::ISO_8859_13,
        "iso8859_14" | "iso_8859_14" | "iso_8859_14_1998" | "iso_celtic" | "iso_ir_199" | "l8"
        | "latin8" => encoding_rs::ISO_8859_14,
        "iso8859_15" | "iso_8859_15" | "l9" | "latin9" => encoding_rs::ISO_8859_15,
        "iso8859_16" | "iso_8859_16" | "iso_8859_16_2001" | "iso_ir_226" | "l10" | "latin10" => {
            encoding_rs::ISO_8859_16
        }
        "koi8_r" | "cskoi8r" => encoding_rs::KOI8_R,
        "koi8_u" => encoding_rs::KOI8_U,
        "cp1250" | "1250" | "windows_1250" => encoding_rs::WINDOWS_1250,
        "cp1251" | "1251" | "windows_1251" => encoding_rs::WINDOWS_1251,
        "cp1252" | "1252" | "windows_1252" => encoding_rs::WINDOWS_1252,
        "cp1253" | "1253" | "windows_1253" => encoding_rs::WINDOWS_1253,
        "cp1254" | "1254" | "windows_1254" => encoding_rs::WINDOWS_1254,
        "cp1255" | "1255" | "windows_1255" => encoding_rs::WINDOWS_1255,
        "cp1256" | "1256" | "windows_1256" => encoding_rs::WINDOWS_1256,
        "cp1257" | "1257" | "windows_1257" => encoding_rs::WINDOWS_1257,
        "cp1258" | "1258" | "windows_1258" => encoding_rs::WINDOWS_1258,
        "cp866" | "866" | "csibm866" | "ibm866" => encoding_rs::IBM866,
        "mac_roman" | "macintosh" | "macroman" => encoding_rs::MACINTOSH,
        "mac_cyrillic" | "maccyrillic" => encoding_rs::X_MAC_CYRILLIC,
        "shift_jis" | "csshiftjis" | "s_jis" | "shiftjis" | "sjis" | "x_mac_japanese" | "cp932"
        | "932" | "ms932" | "ms_kanji" | "mskanji" => encoding_rs::SHIFT_JIS,
        "euc_jp" | "eucjp" | "u_jis" | "ujis" => encoding_rs::EUC_JP,
        "gbk" | "936" | "cp936" | "ms936" | "gb2312" | "chinese" | "csiso58gb231280" | "euc_cn"
        | "euccn" | "eucgb2312_cn" | "gb2312_1980" | "gb2312_80" | "iso_ir_58"
        | "x_mac_simp_chinese" => encoding_rs::GBK,
        "gb18030" | "gb18030_2000" => encoding_rs::GB18030,
        "big5" | "big5_tw" | "csbig5" | "x_mac_trad_chinese" => encoding_rs::BIG5,
        "euc_kr" | "euckr" | "korean" | "ks_c_5601" | "ks_c_5601_1987" | "ks_x_1001"
        | "ksc5601" | "ksx1001" | "x_mac_korean" | "cp949" | "949" | "ms949" | "uhc" => {
            encoding_rs::EUC_KR
        }
        _ => return None,
    })
}

/// Decodes with `encoding_rs` and checks that the bytes come back.
fn decode_shared(
    encoding: &'static encoding_rs::Encoding,
    bytes: &[u8],
) -> Result<String, Failure> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::new();
    let mut read = 0;
    loop {
        // One call only writes as much as the string has room for.
        let rest = bytes.get(read..).unwrap_or_default();
        text.reserve(
            decoder
                .max_utf8_buffer_length_without_replacement(rest.len())
                .unwrap_or(rest.len()),
        );
        let (result, more) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
        read += more;
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, after) => {
                let back = usize::from(length) + usize::from(after);
                return Err(Failure::Malformed(read.saturating_sub(back)));
            }
        }
    }
    // In the code pages of Windows, WHATWG fills the unassigned bytes with C1 controls. Python rejects them.
    if encoding.name().starts_with("windows-") {
        let unassigned = |c: &char| ('\u{80}'..='\u{9f}').contains(c);
        if let Some(at) = text.chars().position(|c| unassigned(&c)) {
            // One byte per character in these.
            return Err(Failure::Malformed(at));
        }
    }
    match encode_shared(encoding, &text) {
        Ok(again) if again == bytes => Ok(text),
        Ok(again) => {
            let same = again.iter().zip(bytes).take_while(|(a, b)| a == b).count();
            Err(Failure::NotReversible(same))
        }
        Err(error) => {
            // The offset is one of the text: what comes before it encodes, and its length is the offset in the file.
            let before = text.get(..error.offset).unwrap_or_default();
            let at = encode_shared(encoding, before).map_or(0, |encoded| encoded.len());
            Err(Failure::NotReversible(at))
        }
    }
}

/// Encodes with `encoding_rs`, without its replacement of unknown characters.
fn encode_shared(
    encoding: &'static encoding_rs::Encoding,
    text: &str,
) -> Result<Vec<u8>, EncodeError> {
    let mut encoder = encoding.new_encoder();
    let mut bytes = Vec::new();
    let mut read = 0;
    loop {
        let rest = text.get(read..).unwrap_or_default();
        bytes.reserve(
            encoder
                .max_buffer_length_from_utf8_without_replacement(rest.len())
                .unwrap_or(rest.len()),
        );
        let (result, more) =
            encoder.encode_from_utf8_to_vec_without_replacement(rest, &mut bytes, true);
        read += more;
        match result {
            EncoderResult::InputEmpty => return Ok(bytes),
            EncoderResult::OutputFull => {}
            EncoderResult::Unmappable(character) => {
                return Err(EncodeError {
                    character,
                    offset: read.saturating_sub(character.len_utf8()),
                    encoding: encoding.name(),
                });
            }
        }
    }
}

/// CPython's `get_normal_name`: the names that mean UTF-8 or Latin-1 whatever follows them (`utf-8-unix`), by their
/// first 12 characters; any other name as it is.
fn common_name(cookie: &str) -> &str {
    let short: String = cookie
        .chars()
        .take(12)
        .map(|c| {
            if c == '_' {
                '-'
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect();
    let is = |name: &str| {
        short
            .strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    if is("utf-8") {
        "utf-8"
    } else if is("latin-1") || is("iso-8859-1") || is("iso-latin-1") {
        "iso-8859-1"
    } else {
        cookie
    }
}

/// Whether an unsupported name means UTF-16 or UTF-32, for a better message.
fn is_wide(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    ["utf16", "utf32", "u16", "u32", "ucs2", "ucs4"]
        .iter()
        .any(|wide| plain.starts_with(wide))
}

/// The `coding` comment on line 1, or on line 2 where line 1 is blank or a comment: the name as written, and its
/// 1-based line (PEP 263).
fn find_cookie(bytes: &[u8]) -> Option<(&str, u32)> {
    let (first, rest) = split_line(bytes);
    if let Some(cookie) = cookie_of_line(first) {
        return Some((cookie, 1));
    }
    let code = first
        .iter()
        .find(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c'));
    if code.is_some_and(|byte| *byte != b'#') {
        return None;
    }
    let (second, _) = split_line(rest);
    cookie_of_line(second).map(|cookie| (cookie, 2))
}

/// The first line without its end, and what follows.
fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let Some(end) = memchr::memchr2(b'\n', b'\r', bytes) else {
        return (bytes, &[]);
    };
    let (line, rest) = bytes.split_at(end);
    let end_len = if rest.starts_with(b"\r\n") { 2 } else { 1 };
    (line, rest.get(end_len..).unwrap_or_default())
}

/// `^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)`, with ASCII `\w`.
fn cookie_of_line(line: &[u8]) -> Option<&str> {
    let start = line
        .iter()
        .position(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c'))?;
    let comment = line.get(start..).filter(|rest| rest.starts_with(b"#"))?;
    for at in memchr::memmem::find_iter(comment, b"coding") {
        let rest = comment.get(at + b"coding".len()..)?;
        let Some((b':' | b'=', rest)) = rest.split_first() else {
            continue;
        };
        let blank = rest
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        let rest = rest.get(blank..).unwrap_or_default();
        let is_name =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let end = rest
            .iter()
            .position(|byte| !is_name(byte))
            .unwrap_or(rest.len());
        let name = rest.get(..end).filter(|name| !name.is_empty());
        if let Some(name) = name.and_then(|name| std::str::from_utf8(name).ok()) {
            return Some(name);
        }
    }
    None
}

/// The 1-based line of the byte at `at`. Lines end with LF, CR or CRLF; in no supported encoding are these bytes a
/// part of another character.
fn line_at(bytes: &[u8], at: usize) -> u32 {
    let before = bytes.get(..at).unwrap_or(bytes);
    let mut line = 1;
    let mut previous = 0;
    for byte in before {
        if *byte == b'\r' || (*byte == b'\n' && previous != b'\r') {
            line += 1;
        }
        previous = *byte;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn accept(bytes: &[u8]) -> Source {
        let source = decode(bytes).expect("is accepted");
        assert_eq!(source.encode(&source.original()).as_deref(), Ok(bytes));
        source
    }

    #[track_caller]
    fn reject(bytes: &[u8]) -> ReadError {
        decode(bytes).expect_err("is rejected")
    }

    #[test]
    fn keeps_bom_and_line_ends() {
        let source = accept(b"\xef\xbb\xbfx = 1\r\n\x0cy\rz");
        assert_eq!(source.text, "\u{feff}x = 1\r\n\u{c}y\nz");
        assert_eq!(source.original(), "\u{feff}x = 1\r\n\u{c}y\rz");
        assert_eq!(accept(b"").text, "");
    }

    #[test]
    fn finds_the_cookie_where_cpython_does() {
        // Each verdict is what CPython 3.11 says of the same file.
        for latin in [
            &b"# coding: latin-1\nx='\xe9'\n"[..],
            b"#!/usr/bin/python\n# -*- coding: iso-8859-15 -*-\nx='\xe9'",
            b"#a\r# coding: latin-1\rx='\xe9'\r",
            b"\x0c\n# coding: latin-1\nx='\xe9'\n",
            b"\r\n\t# coding=L1\r\nx='\xe9'\n",
            b"# vim: set fileencoding=latin_1 :\nx='\xe9'\n",
            b"# coding: ; coding=latin-1\nx='\xe9'\n",
            b"# coding: Latin-1-unix\nx='\xe9'\n",
            b"# coding: iso_8859-1.1987\nx='\xe9'\n",
        ] {
            assert!(accept(latin).text.contains('é'), "{latin:?}");
        }
        for (bytes, line) in [
            (&b"x='\xe9'"[..], 1),
            (b"x=1\n# coding: latin-1\nx='\xe9'\n", 3),
            (b"\"\"\"\n# coding: latin-1\n\xe9\"\"\"\n", 3),
            (b"\\\n# coding: latin-1\nx='\xe9'\n", 3),
            (b"\n\n# coding: latin-1\r\nx='\xe9'\n", 4),
            (b"# coding latin-1\nx='\xe9'\n", 2),
        ] {
            assert_eq!(reject(bytes), ReadError::NotUtf8 { line }, "{bytes:?}");
        }
        for utf8 in ["utf-8", "UTF8", "utf_8-unix", "u8", "utf-8-sig"] {
            let text = format!("# coding: {utf8}\nx='é'\n");
            assert_eq!(accept(text.as_bytes()).encoding, Encoding::Utf8, "{utf8}");
        }
    }

    #[test]
    fn rejects_what_is_not_as_declared() {
        let cookie = |name: &str| name.to_string();
        assert_eq!(
            reject(b"# coding: ascii\n\nx='\xe9'"),
            ReadError::NotAsDeclared {
                cookie: cookie("ascii"),
                line: 3
            }
        );
        assert_eq!(
            reject(b"# coding: utf-8\n# coding: latin-1\nx='\xe9'"),
            ReadError::NotAsDeclared {
                cookie: cookie("utf-8"),
                line: 3
            }
        );
        assert_eq!(
            reject(b"# coding: euc-jp\nx='\xa4\xa2'\ny='\xff'"),
            ReadError::NotAsDeclared {
                cookie: cookie("euc-jp"),
                line: 3
            }
        );
        assert_eq!(
            reject(b"# coding: cp1252\nx='\x80'\ny='\x81'"),
            ReadError::NotAsDeclared {
                cookie: cookie("cp1252"),
                line: 3
            }
        );
        assert_eq!(
            reject(b"\n# coding: klingon\n"),
            ReadError::UnknownEncoding {
                cookie: cookie("klingon"),
                line: 2
            }
        );
        for name in ["latin-1", "utf8"] {
            assert_eq!(
                reject(format!("\u{feff}# coding: {name}\n").as_bytes()),
                ReadError::BomMismatch {
                    cookie: cookie(name),
                    line: 1
                }
            );
        }
        accept("\u{feff}# coding: UTF_8\n".as_bytes());
    }

    #[test]
    fn rejects_nul_and_wide_files() {
        assert_eq!(reject(b"x\n\r\n\0"), ReadError::Nul { line: 3 });
        assert_eq!(reject(b"\xff\xfex\0"), ReadError::Wide { line: 1 });
        assert_eq!(reject(b"\0\0\xfe\xff"), ReadError::Wide { line: 1 });
        assert_eq!(
            reject(b"#\n# coding: UTF-16-LE\n"),
            ReadError::Wide { line: 2 }
        );
    }

    #[test]
    fn rejects_long_files() {
        assert_eq!(decode_within(b"12345", 4), Err(ReadError::TooLong));
        assert!(decode_within(b"1234", 4).is_ok());
        // Short in bytes, but the text is longer.
        let latin = b"# coding: l1\n\xe9";
        assert_eq!(decode_within(latin, latin.len()), Err(ReadError::TooLong));
        assert_eq!(ReadError::TooLong.message(), "longer than 2 GiB");
    }

    #[test]
    fn latin_1_is_not_windows_1252() {
        let mut bytes = b"# coding: latin-1\n".to_vec();
        bytes.extend(1..=255u8);
        let source = accept(&bytes);
        assert!(source.text.contains('\u{93}'));
        let error = source.encode("# \u{201c}").expect_err("not in Latin-1");
        assert_eq!((error.character, error.offset), ('\u{201c}', 2));
        assert!(
            accept(b"# coding: cp1252\n'\x93'")
                .text
                .contains('\u{201c}')
        );
    }

    #[test]
    fn latin_5_is_latin_1_with_turkish_letters() {
        let mut bytes = b"# coding: iso-8859-9\n".to_vec();
        bytes.extend(1..=255u8);
        let source = accept(&bytes);
        assert!(source.text.contains("ğñòóôõö÷øùúûüışÿ"));
        assert_eq!(source.encode("ð").map_err(|e| e.character), Err('ð'));
    }

    #[test]
    fn reads_the_shared_encodings() {
        for (cookie, bytes, text) in [
            ("koi8-r", &b"\xf2\xd5\xd3"[..], "Рус"),
            ("cp1251", b"\xd0\xf3\xf1", "Рус"),
            ("iso-8859-2", b"\xa3\xf3d\xbc", "Łódź"),
            ("euc_jp", b"\xc6\xfc\xcb\xdc", "日本"),
            // The second byte of this one is a backslash.
            ("Shift_JIS", b"\x95\x5c", "表"),
            ("gbk", b"\xd6\xd0\xce\xc4", "中文"),
            ("gb2312", b"\xd6\xd0", "中"),
            ("big5", b"\xa4\xa4", "中"),
            ("euc-kr", b"\xc7\xd1", "한"),
            ("gb18030", b"\x94\x39\xda\x33", "💩"),
        ] {
            let mut file = format!("# coding: {cookie}\nx = '").into_bytes();
            file.extend_from_slice(bytes);
            file.extend_from_slice(b"'\n");
            let source = accept(&file);
            assert_eq!(source.text.split('\'').nth(1), Some(text), "{cookie}");
        }
        let source = accept(b"# coding: koi8-r\n");
        let error = source.encode("ab\u{20ac}").expect_err("no euro in KOI8-R");
        assert_eq!((error.character, error.offset), ('\u{20ac}', 2));
    }

    #[test]
    fn rejects_bytes_that_would_change() {
        // NEC's duplicate of U+2252 in Shift_JIS: it would be written as 81 E0.
        assert_eq!(
            reject(b"# coding: cp932\n#\n# \x87\x90\n"),
            ReadError::NotReversible {
                cookie: "cp932".to_string(),
                line: 3
            }
        );
    }

    #[test]
    fn problems_say_where_what_and_how() {
        let problem = reject(b"x\n'\xe9'").to_problem("a.py");
        assert_eq!(problem.severity, Severity::Warning);
        assert_eq!((problem.file.as_str(), problem.line), ("a.py", Some(2)));
        assert!(problem.remedy.contains("# -*- coding: ... -*-"));
    }

    #[test]
    fn random_bytes_never_panic_and_always_come_back() {
        let mut state = 1u32;
        let mut random = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        };
        let cookies = [
            "latin-1", "gbk", "sjis", "euc-jp", "big5", "cp949", "gb18030", "x", "",
        ];
        for round in 0..2000 {
            let mut bytes = format!("# coding: {}\n", cookies[round % cookies.len()]).into_bytes();
            bytes.extend((0..round % 7).map(|_| random()));
            if let Ok(source) = decode(&bytes) {
                assert_eq!(source.encode(&source.original()).as_deref(), Ok(&bytes[..]));
            }
        }
    }
}
