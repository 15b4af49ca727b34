//! A handler that takes content while it arrives.

use serde_json::Value;

use super::{literal, style::Functions};
use crate::fixture::Collected;

/// Its parameter: an iterator of chunks, of values of the type `item`, or of parts.
pub(super) fn parameter(
    form: Collected,
    operation: &Value,
    item: Option<&str>,
    functions: Functions,
) -> String {
    let (iterator, part) = match functions {
        Functions::Coroutines => ("AsyncIterator", "Part"),
        Functions::Plain | Functions::Inline => ("Iterator", "SyncPart"),
    };
    match form {
        Collected::Items => format!("items: {iterator}[{}]", item.unwrap_or("Any")),
        Collected::Parts => format!("parts: {iterator}[{part}]"),
        Collected::Bytes => {
            let content = operation
                .pointer("/requestBody/content")
                .and_then(Value::as_object);
            match content.and_then(|content| content.keys().next()) {
                Some(media_type) if media_type != "*/*" => format!(
                    "content: Annotated[{iterator}[bytes], Body(media_type={})]",
                    literal::string(media_type)
                ),
                _ => format!("content: {iterator}[bytes]"),
            }
        }
    }
}

/// What it does.
pub(super) fn body(form: Collected, takes: Option<u32>, keeps: bool, functions: Functions) -> String {
    let (loops, waits) = match functions {
        Functions::Coroutines => ("async for", "await "),
        Functions::Plain | Functions::Inline => ("for", ""),
    };
    let kept = |source: &str| {
        if keeps {
            format!("        keep({source})\n")
        } else {
            String::new()
        }
    };
    let (name, source, takes_one) = match form {
        Collected::Bytes if takes == Some(0) => {
            return format!(
                "{}        return {{\"size\": 0, \"sha256\": hashlib.sha256().hexdigest()}}\n",
                kept("content")
            );
        }
        Collected::Bytes => {
            return format!(
                "{}        size, digest = 0, hashlib.sha256()\n        {loops} chunk in content:\n            \
                 size += len(chunk)\n            digest.update(chunk)\n        \
                 return {{\"size\": size, \"sha256\": digest.hexdigest()}}\n",
                kept("content")
            );
        }
        Collected::Items => (
            "item",
            "items",
            "            taken.append(tag(item))\n".to_owned(),
        ),
        Collected::Parts => (
            "part",
            "parts",
            format!(
                "            data = {waits}part.read()\n            taken.append(\n                {{\n                    \
                 \"name\": part.name,\n                    \"filename\": part.filename,\n                    \
                 \"content_type\": part.content_type,\n                    \"size\": len(data),\n                    \
                 \"sha256\": hashlib.sha256(data).hexdigest(),\n                }}\n            )\n"
            ),
        ),
    };
    let taking = match takes {
        Some(0) => String::new(),
        Some(count) => format!(
            "        {loops} {name} in {source}:\n{takes_one}            if len(taken) == {count}:\n                break\n"
        ),
        None => format!("        {loops} {name} in {source}:\n{takes_one}"),
    };
    let kept = kept(source);
    format!("{kept}        taken: list[Any] = []\n{taking}        return {{\"{source}\": taken}}\n")
}
