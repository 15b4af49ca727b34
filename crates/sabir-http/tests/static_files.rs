//! Files of folders, as far as no fixture can show it.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::Path,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use futures_util::FutureExt;
use http::{Request, Response};
use sabir_core::{
    Operation, Settings, SetupError,
    pipeline::{ApplicationBuilder, StaticFiles},
};
use sabir_http::{App, Service};
use tempfile::TempDir;

fn folder() -> (TempDir, StaticFiles) {
    let folder = tempfile::tempdir().unwrap();
    let files = StaticFiles::new(folder.path().to_str().unwrap());
    (folder, files)
}

/// Writes a file as one that has not been changed for an hour.
fn write(path: &Path, content: &str) {
    fs::write(path, content).unwrap();
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(3600))
        .unwrap();
}

fn service(files: &StaticFiles) -> Service {
    let mut app = App::new(Settings::default());
    app.static_files("/assets", files, Operation::default()).unwrap();
    app.build()
}

async fn get(service: &Service, path: &str) -> Response<Bytes> {
    let request = Request::get(path).body(Bytes::new()).unwrap();
    service.call_in_memory(request).await
}

fn refused(files: &StaticFiles) -> SetupError {
    let mut app = App::new(Settings::default());
    app.static_files("/assets", files, Operation::default())
        .unwrap_err()
}

#[tokio::test]
async fn nobody_is_sent_what_has_been_replaced() {
    let (folder, files) = folder();
    let service = service(&files);
    let path = folder.path().join("a.txt");
    for content in ["one", "two", "three"] {
        // In place, and by another file that takes the name.
        write(&path, content);
        for _ in 0..3 {
            assert_eq!(get(&service, "/assets/a.txt").await.body(), content);
        }
        let other = folder.path().join("b.txt");
        write(&other, &content.to_uppercase());
        fs::rename(other, &path).unwrap();
        assert_eq!(
            *get(&service, "/assets/a.txt").await.body(),
            content.to_uppercase()
        );
    }
    fs::remove_file(&path).unwrap();
    assert_eq!(get(&service, "/assets/a.txt").await.status(), 404);
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_becomes_a_link_to_the_outside_is_gone() {
    let (folder, files) = folder();
    let outside = tempfile::NamedTempFile::new().unwrap();
    let service = service(&files);
    let path = folder.path().join("a.txt");
    write(&path, "inside");
    assert_eq!(get(&service, "/assets/a.txt").await.body(), "inside");
    fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink(outside.path(), &path).unwrap();
    assert_eq!(get(&service, "/assets/a.txt").await.status(), 404);
}

#[tokio::test]
async fn a_better_file_is_found_in_time() {
    let (folder, files) = folder();
    let service = service(&StaticFiles {
        precompressed: true,
        ..files
    });
    write(&folder.path().join("a.txt"), "plain");
    let asked = async || {
        let request = Request::get("/assets/a.txt").header("accept-encoding", "br");
        service
            .call_in_memory(request.body(Bytes::new()).unwrap())
            .await
            .into_body()
    };
    assert_eq!(asked().await, "plain");
    write(&folder.path().join("a.txt.br"), "small");
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(asked().await, "small");
}

#[test]
fn small_files_need_no_runtime() {
    let (folder, files) = folder();
    write(&folder.path().join("a.txt"), "hello");
    let service = service(&files);
    let response = get(&service, "/assets/a.txt").now_or_never().unwrap();
    assert_eq!(response.body(), "hello");
}

#[tokio::test]
async fn more_files_than_are_kept_are_sent() {
    let (folder, files) = folder();
    let service = service(&files);
    // 19 MiB, of which 16 are kept at most.
    for number in 0..300 {
        let content = number.to_string().repeat(60_000 / 3);
        write(&folder.path().join(format!("{number}.txt")), &content);
    }
    for _ in 0..2 {
        for number in 0..300 {
            let response = get(&service, &format!("/assets/{number}.txt")).await;
            assert!(
                response.body().starts_with(number.to_string().as_bytes()),
                "{number}"
            );
        }
    }
}

#[test]
fn says_what_is_wrong_with_a_folder() {
    let (folder, files) = folder();
    write(&folder.path().join("a.txt"), "a");
    for (files, field) in [
        (StaticFiles::new(""), "directory"),
        (StaticFiles::new("/nowhere/to/be/found"), "directory"),
        (
            StaticFiles::new(folder.path().join("a.txt").to_str().unwrap()),
            "directory",
        ),
        (
            StaticFiles {
                index: "../a.txt".into(),
                ..files.clone()
            },
            "index",
        ),
        (
            StaticFiles {
                fallback: "/etc/passwd".into(),
                ..files.clone()
            },
            "fallback",
        ),
        (
            StaticFiles {
                fallback: "none.html".into(),
                ..files.clone()
            },
            "fallback",
        ),
        (
            StaticFiles {
                cache_control: "a\nb".into(),
                ..files.clone()
            },
            "cache_control",
        ),
    ] {
        let error = refused(&files);
        assert_eq!(
            (error.route.as_str(), error.field.as_str()),
            ("static /assets", field)
        );
        assert!(!error.remedy.is_empty());
    }
    let mut app = App::new(Settings::default());
    app.static_files("/assets", &files, Operation::default()).unwrap();
    let twice = app.static_files("/assets/", &files, Operation::default());
    assert!(twice.unwrap_err().problem.contains("already"));
    assert!(app.static_files("/{id}", &files, Operation::default()).is_err());
}

#[test]
fn a_core_without_files_refuses_folders() {
    let (_folder, files) = folder();
    let mut builder = ApplicationBuilder::new(Settings::default());
    let error = builder
        .static_files("/assets", &files, Operation::default())
        .unwrap_err();
    assert_eq!(error.problem, "there are no files where this runs");
}
