//! What the compiler says of functions that are no handlers.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{env, fs, path::PathBuf, process::Command};

/// The newest build of this crate and the folder of what it is built with. They are beside this test.
fn built() -> (PathBuf, PathBuf) {
    let folder = env::current_exe().unwrap().parent().unwrap().to_owned();
    let libraries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let of_this_crate = libraries.filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with("libsabir-") && path.extension().is_some_and(|kind| kind == "rlib")
    });
    let newest = of_this_crate.max_by_key(|path| fs::metadata(path).unwrap().modified().unwrap());
    (newest.unwrap(), folder)
}

/// What the compiler says of a program whose route has the handler `f`.
fn message(name: &str, source: &str) -> String {
    let (library, dependencies) = built();
    let directory = env::temp_dir().join(format!("sabir-compile-{}-{name}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    let file = directory.join("main.rs");
    let main = "fn main() { let _ = sabir::Sabir::new().get(\"/\", f); }";
    fs::write(&file, format!("{source}\n{main}\n")).unwrap();
    let output = Command::new(env::var("RUSTC").unwrap_or_else(|_| "rustc".into()))
        .args(["--edition", "2024", "--emit=metadata", "--color=never"])
        .arg(format!("-Ldependency={}", dependencies.display()))
        .arg(format!("--extern=sabir={}", library.display()))
        .arg("--out-dir")
        .args([&directory, &file])
        .output()
        .unwrap();
    fs::remove_dir_all(directory).unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.success(), !said.contains("error"), "{said}");
    said
}

#[test]
fn the_type_that_fails_is_named() {
    assert_eq!(message("fine", "async fn f() -> &'static str { \"a\" }"), "");
    let cases = [
        (
            "sync",
            "fn f() -> String { String::new() }",
            "`String` is not a future",
        ),
        (
            "schema",
            "struct Order; async fn f(_: sabir::Json<Order>) {}",
            "`Json<Order>` is not an argument that a handler can take",
        ),
        (
            "send",
            "async fn f() { let a = std::rc::Rc::new(1); std::future::ready(()).await; drop(a); }",
            "has type `Rc<i32>` which is not `Send`",
        ),
        (
            "answer",
            "async fn f() -> u32 { 7 }",
            "`u32` is not an answer that a handler can return",
        ),
        (
            "ninth",
            "use sabir::Method as M; async fn f(_: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M) {}",
            "a handler is an `async fn` of up to eight arguments",
        ),
    ];
    for (name, source, expected) in cases {
        let said = message(name, source)
            .replace("std::string::String", "String")
            .replace("sabir::", "");
        assert!(said.contains(expected), "{name}: {said}");
    }
}
