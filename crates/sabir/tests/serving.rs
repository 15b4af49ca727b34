//! Applications in threads, and servers that end.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    thread,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::Request;
use sabir::{Address, Json, Path, Sabir, ServeError, Server};

/// Longer than anything here takes on a machine that is busy.
const TIMEOUT: Duration = Duration::from_secs(30);

fn app(name: &'static str) -> Sabir {
    let show = move |Path(id): Path<i64>| async move { format!("{name} {id}") };
    Sabir::new().get("/{id:int}", show)
}

/// The answer to `GET target` on a connection of its own; `None` when none can be had.
fn get(address: &str, target: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(TIMEOUT)).ok()?;
    write!(
        stream,
        "GET {target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < TIMEOUT, "{what}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// An address that was free a moment ago.
fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

#[test]
fn an_application_is_built_in_one_thread_and_served_by_another() {
    let unbuilt = thread::spawn(|| app("moved")).join().unwrap();
    let service = thread::spawn(|| unbuilt.build().unwrap()).join().unwrap();
    let address = thread::spawn(move || {
        let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
        let address = server.local_address();
        (address, server.serve(service).unwrap())
    });
    let (address, handle) = address.join().unwrap();
    assert!(get(&address, "/7").unwrap().ends_with("moved 7"));
    handle.stop();
    handle.wait();
}

#[test]
fn two_servers_of_one_process_do_not_know_of_each_other() {
    let start = |name| {
        let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
        let address = server.local_address();
        (address, server.serve(app(name).build().unwrap()).unwrap())
    };
    let (first, first_handle) = start("first");
    let (second, second_handle) = start("second");
    assert!(get(&first, "/1").unwrap().ends_with("first 1"));
    assert!(get(&second, "/2").unwrap().ends_with("second 2"));
    first_handle.stop();
    first_handle.wait();
    assert!(get(&first, "/1").is_none(), "the first one still answers");
    assert!(get(&second, "/3").unwrap().ends_with("second 3"));
    second_handle.stop();
    second_handle.wait();
}

#[test]
fn one_application_is_served_at_two_addresses() {
    let service = app("shared").build().unwrap();
    let servers = [(); 2].map(|()| {
        let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
        (server.local_address(), server.serve(service.clone()).unwrap())
    });
    for (address, handle) in servers {
        assert!(get(&address, "/1").unwrap().ends_with("shared 1"));
        handle.stop();
        handle.wait();
    }
}

#[tokio::test]
async fn dropping_the_future_of_serve_stops_the_server() {
    let address = free_address();
    let asked = |is_served: bool| {
        let address = address.clone();
        tokio::task::spawn_blocking(move || {
            wait_until("it never comes to that", || {
                get(&address, "/1").is_some_and(|answer| answer.ends_with("kept 1")) == is_served
            });
        })
    };
    tokio::select! {
        outcome = app("kept").serve(&address) => unreachable!("it ended by itself: {outcome:?}"),
        served = asked(true) => served.unwrap(),
    }
    // The runtime goes on, so that the server has to be told.
    asked(false).await.unwrap();
}

#[test]
fn a_server_that_ends_by_itself_is_an_error() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let serve = app("lost").serve_with_shutdown(free_address(), std::future::pending());
    let outcome = runtime.block_on(async { tokio::time::timeout(TIMEOUT, serve).await.unwrap() });
    let Err(ServeError::Io(error)) = outcome else {
        unreachable!("{outcome:?}")
    };
    assert!(error.to_string().contains("ended by itself"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_to_stop_before_it_is_bound_never_serves() {
    let address = free_address();
    let outcome = app("never").serve_with_shutdown(&address, async {}).await;
    assert!(outcome.is_ok(), "{outcome:?}");
    assert!(TcpStream::connect(&address).is_err());
}

#[tokio::test]
async fn addresses_are_checked_before_anything_is_served() {
    for address in ["127.0.0.1", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:70000", ""] {
        let outcome = app("a").serve(address).await;
        assert!(
            matches!(outcome, Err(ServeError::Setup(_))),
            "{address}: {outcome:?}"
        );
    }
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let outcome = app("a").serve(&taken.local_addr().unwrap().to_string()).await;
    assert!(matches!(outcome, Err(ServeError::Io(_))), "{outcome:?}");
}

#[test]
fn an_address_of_version_6_is_written_in_brackets() {
    if TcpListener::bind("[::1]:0").is_err() {
        // The machine has no such address; nothing can be served there.
        return;
    }
    let port = free_address().rsplit(':').next().unwrap().to_owned();
    let address = format!("[::1]:{port}");
    let serving = address.clone();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(app("six").serve(&serving))
    });
    wait_until("it never answers", || {
        get(&address, "/1").is_some_and(|answer| answer.ends_with("six 1"))
    });
}

#[tokio::test]
async fn a_handler_that_panics_is_a_problem_wherever_it_does() {
    struct Fragile;
    impl Drop for Fragile {
        fn drop(&mut self) {
            assert!(std::env::args().next().is_none(), "panics when it is dropped");
        }
    }
    fn panics<T>() -> T {
        std::panic::panic_any(7)
    }
    async fn at_once() -> &'static str {
        panics()
    }
    async fn later() -> &'static str {
        tokio::task::yield_now().await;
        panics()
    }
    async fn at_its_end() -> &'static str {
        let _fragile = Fragile;
        "never seen"
    }
    #[derive(serde::Serialize)]
    struct Unwritable {
        #[serde(serialize_with = "unwritable")]
        value: u8,
    }
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn unwritable<S>(_: &u8, _: S) -> Result<S::Ok, S::Error>
    where
        S: serde::Serializer,
    {
        panics()
    }
    let app = Sabir::new()
        .get("/at-once", at_once)
        .get("/before", || -> std::future::Ready<&'static str> { panics() })
        .get("/later", later)
        .get("/at-its-end", at_its_end)
        .get("/written", async || Json(Unwritable { value: 1 }))
        .get("/fine", async || "fine")
        .build()
        .unwrap();
    for target in ["/at-once", "/before", "/later", "/at-its-end", "/written"] {
        let response = app
            .call_in_memory(Request::get(target).body(Bytes::new()).unwrap())
            .await;
        assert_eq!(response.status(), 500, "{target}");
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json",
            "{target}"
        );
    }
    let response = app
        .call_in_memory(Request::get("/fine").body(Bytes::new()).unwrap())
        .await;
    assert_eq!(response.body(), "fine");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handlers_run_on_the_runtime_that_serves_and_may_block_in_place() {
    let address = free_address();
    let serving = tokio::runtime::Handle::current().id();
    let handler = move || async move {
        let is_same = tokio::runtime::Handle::current().id() == serving;
        let blocked = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(async { 7 }));
        format!("{is_same} {blocked}")
    };
    let server = tokio::spawn(Sabir::new().get("/1", handler).serve(address.clone()));
    let asked = tokio::task::spawn_blocking(move || {
        let mut answer = None;
        wait_until("it never answers", || {
            answer = get(&address, "/1");
            answer.is_some()
        });
        answer.unwrap()
    });
    let answer = asked.await.unwrap();
    assert!(answer.ends_with("true 7"), "{answer}");
    server.abort();
}

#[tokio::test]
async fn the_end_of_the_future_that_is_given_is_the_end_of_the_server() {
    let address = free_address();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let slow = || async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        "done"
    };
    let server = Sabir::new().get("/slow", slow).get("/1", async || "up");
    let shutdown = async { stopped.await.unwrap() };
    let server = tokio::spawn(server.serve_with_shutdown(address.clone(), shutdown));
    let asked = tokio::task::spawn_blocking(move || {
        wait_until("it never answers", || get(&address, "/1").is_some());
        let mut stream = TcpStream::connect(&address).unwrap();
        stream
            .write_all(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n")
            .unwrap();
        thread::sleep(Duration::from_millis(100));
        stop.send(()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    let answer = asked.await.unwrap();
    assert!(answer.ends_with("done"), "{answer}");
    tokio::time::timeout(TIMEOUT, server)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn threads_that_a_runtime_has_are_not_a_setting() {
    let settings = sabir::Settings {
        io_threads: 4,
        ..Default::default()
    };
    let app = || Sabir::with_settings(settings.clone());
    let outcome = app().serve("127.0.0.1:0").await;
    let Err(ServeError::Setup(error)) = outcome else {
        unreachable!("{outcome:?}")
    };
    assert!(error.to_string().contains("worker_threads"), "{error}");
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), 0)).unwrap();
    let error = server.spawn(app().build().unwrap()).unwrap_err();
    assert!(error.to_string().contains("worker_threads"), "{error}");
}
