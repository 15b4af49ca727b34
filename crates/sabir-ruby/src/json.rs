//! Answers as JSON.

use magnus::{
    Error, Float, Integer, RArray, RHash, RString, Ruby, Symbol, Value, encoding::Coderange, prelude::*,
    r_hash::ForEach,
};

use crate::{error, hooks, value::is_text};

/// How deeply an answer may be nested. One that contains itself has no end.
const DEPTH_LIMIT: usize = 512;
/// As deeply, Ruby may be left to walk through a Hash itself, which takes a KiB of the stack for each: fibers have half a MiB.
const WALKED_LEVELS: usize = 256;

/// Encodes `value`, whatever it holds.
pub(crate) fn encode(ruby: &Ruby, value: Value) -> Result<Vec<u8>, Error> {
    let mut text = Vec::with_capacity(128);
    write(ruby, &mut text, value, DEPTH_LIMIT)?;
    Ok(text)
}

/// The same for Ruby.
pub(crate) fn encode_json(ruby: &Ruby, value: Value) -> Result<RString, Error> {
    let text = encode(ruby, value)?;
    Ok(ruby.enc_str_new(text, ruby.utf8_encindex()))
}

fn write(ruby: &Ruby, text: &mut Vec<u8>, value: Value, depth: usize) -> Result<(), Error> {
    if let Some(string) = RString::from_value(value) {
        return write_string(ruby, text, string);
    }
    if let Some(integer) = Integer::from_value(value) {
        match integer.to_i64() {
            Ok(number) => serde_json::to_writer(text, &number).map_err(|error| failed(ruby, &error))?,
            Err(_) => text.extend_from_slice(integer.to_string().as_bytes()),
        }
        return Ok(());
    }
    let Some(depth) = depth.checked_sub(1) else {
        let problem = format!("an answer is nested more than {DEPTH_LIMIT} levels deep");
        return Err(error::argument(ruby, problem));
    };
    if let Some(hash) = RHash::from_value(value) {
        return write_object(ruby, text, hash, depth);
    }
    if let Some(array) = RArray::from_value(value) {
        text.push(b'[');
        // The array may change meanwhile: what is in it is made by code of Ruby that `plain` runs.
        let mut index = 0;
        while index < array.len() {
            if index > 0 {
                text.push(b',');
            }
            write(
                ruby,
                text,
                array.entry(index.try_into().unwrap_or(isize::MAX))?,
                depth,
            )?;
            index += 1;
        }
        text.push(b']');
        return Ok(());
    }
    if value.is_nil() {
        text.extend_from_slice(b"null");
    } else if value.is_kind_of(ruby.class_true_class()) {
        text.extend_from_slice(b"true");
    } else if value.is_kind_of(ruby.class_false_class()) {
        text.extend_from_slice(b"false");
    } else if let Some(symbol) = Symbol::from_value(value) {
        let name = symbol.name()?;
        serde_json::to_writer(text, name.as_ref()).map_err(|error| failed(ruby, &error))?;
    } else if let Some(float) = Float::from_value(value) {
        let number = float.to_f64();
        if !number.is_finite() {
            let problem = format!("{number} is not a JSON number");
            return Err(error::argument(ruby, problem));
        }
        serde_json::to_writer(text, &number).map_err(|error| failed(ruby, &error))?;
    } else {
        return write(ruby, text, hooks::plain(ruby, value)?, depth);
    }
    Ok(())
}

fn write_object(ruby: &Ruby, text: &mut Vec<u8>, hash: RHash, depth: usize) -> Result<(), Error> {
    text.push(b'{');
    let mut is_first = true;
    if depth > DEPTH_LIMIT - WALKED_LEVELS {
        hash.foreach(|key: Value, member: Value| {
            write_member(ruby, text, &mut is_first, key, member, depth)?;
            Ok(ForEach::Continue)
        })?;
    } else {
        for pair in hash.funcall::<_, _, RArray>("to_a", ())? {
            let pair = RArray::try_convert(pair)?;
            write_member(ruby, text, &mut is_first, pair.entry(0)?, pair.entry(1)?, depth)?;
        }
    }
    text.push(b'}');
    Ok(())
}

fn write_member(
    ruby: &Ruby,
    text: &mut Vec<u8>,
    is_first: &mut bool,
    key: Value,
    member: Value,
    depth: usize,
) -> Result<(), Error> {
    if !std::mem::take(is_first) {
        text.push(b',');
    }
    write_key(ruby, text, key)?;
    text.push(b':');
    write(ruby, text, member, depth)
}

fn write_key(ruby: &Ruby, text: &mut Vec<u8>, key: Value) -> Result<(), Error> {
    if let Some(symbol) = Symbol::from_value(key) {
        let name = symbol.name()?;
        return serde_json::to_writer(text, name.as_ref()).map_err(|error| failed(ruby, &error));
    }
    match RString::from_value(key) {
        Some(string) => write_string(ruby, text, string),
        None => write_string(ruby, text, key.funcall("to_s", ())?),
    }
}

#[allow(unsafe_code)]
fn write_string(ruby: &Ruby, text: &mut Vec<u8>, string: RString) -> Result<(), Error> {
    // Bytes of no particular kind may be UTF-8 all the same, as `JSON.generate` has it.
    let string = if string.is_utf8_compatible_encoding() || !is_text(ruby, string) {
        string
    } else {
        string.conv_enc(ruby.utf8_encoding())?
    };
    // SAFETY: nothing of Ruby runs while the slice is used.
    let bytes = unsafe { string.as_slice() };
    let checked = string.enc_coderange() == Coderange::SevenBit;
    // SAFETY: ASCII is UTF-8.
    let content = if checked {
        Ok(unsafe { str::from_utf8_unchecked(bytes) })
    } else {
        str::from_utf8(bytes)
    };
    let content = content.map_err(|_| error::argument(ruby, "a string of an answer is not UTF-8".into()))?;
    serde_json::to_writer(text, content).map_err(|error| failed(ruby, &error))
}

fn failed(ruby: &Ruby, error: &serde_json::Error) -> Error {
    error::argument(ruby, error.to_string())
}
