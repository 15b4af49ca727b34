//! What the handler `collect` answers: what came of the content while it arrived.

use futures_util::StreamExt as _;
use sabir_core::{
    Body, Problem, ProblemType,
    body::{PartHead, PartItem},
};
use serde_json::{Value, json};

use crate::{echo::Echo, read::sha256};

/// Takes all of `body`, or no more than `takes` of it, and `keeps` what is left for ever or lets it go.
///
/// # Errors
/// What is wrong with the content.
pub(crate) async fn collect(
    mut body: Body,
    takes: Option<u32>,
    keeps: bool,
    echo: &Echo,
) -> Result<Value, Problem> {
    let answer = take(&mut body, takes, echo).await;
    if keeps {
        std::mem::forget(body);
    }
    answer
}

async fn take(body: &mut Body, takes: Option<u32>, echo: &Echo) -> Result<Value, Problem> {
    let most = takes.map_or(usize::MAX, |count| count as usize);
    match body {
        Body::Items(items) => {
            let mut values = Vec::new();
            while values.len() < most
                && let Some(item) = items.next().await
            {
                values.push(echo.item(&item?).map_err(failed)?);
            }
            Ok(json!({ "items": values }))
        }
        Body::Parts(parts) => {
            let (mut found, mut current): (Vec<Value>, Option<(PartHead, Vec<u8>)>) = (Vec::new(), None);
            while found.len() < most {
                match parts.next().await.transpose()? {
                    Some(PartItem::Chunk(chunk)) => {
                        if let Some((_, content)) = &mut current {
                            content.extend_from_slice(&chunk);
                        }
                    }
                    Some(PartItem::Head(head)) => found.extend(current.replace((head, Vec::new())).map(part)),
                    None => {
                        found.extend(current.take().map(part));
                        break;
                    }
                }
            }
            Ok(json!({ "parts": found }))
        }
        Body::Stream(content) => {
            let mut bytes = Vec::new();
            while most > 0
                && let Some(chunk) = content.next().await
            {
                bytes.extend_from_slice(&chunk?);
            }
            Ok(json!({ "size": bytes.len(), "sha256": sha256(&bytes) }))
        }
        _ => Ok(json!({ "size": 0, "sha256": sha256(b"") })),
    }
}

fn part((head, content): (PartHead, Vec<u8>)) -> Value {
    json!({
        "name": head.name,
        "filename": head.filename,
        "content_type": head.content_type.as_deref(),
        "size": content.len(),
        "sha256": sha256(&content),
    })
}

fn failed(error: String) -> Problem {
    Problem::new(ProblemType::InternalError).with_detail(error)
}
