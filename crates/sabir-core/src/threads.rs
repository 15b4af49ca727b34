//! What must be able to move between threads, where the target has any.
//!
//! On WebAssembly without threads there is one thread, and what its hosts give (promises, readable streams) is neither
//! `Send` nor `Sync`. Traits and boxes of this crate therefore ask for [`MaybeSend`] and [`MaybeSync`], which are `Send`
//! and `Sync` everywhere else.

#[cfg(not(all(target_family = "wasm", not(target_feature = "atomics"))))]
mod bounds {
    use std::{future::Future, pin::Pin};

    use futures_core::Stream;

    /// `Send` where the target has threads.
    pub trait MaybeSend: Send {}
    impl<T: Send + ?Sized> MaybeSend for T {}

    /// `Sync` where the target has threads.
    pub trait MaybeSync: Sync {}
    impl<T: Sync + ?Sized> MaybeSync for T {}

    /// A future that may move between threads, where there are any.
    ///
    /// ```
    /// use sabir_core::BoxFuture;
    ///
    /// fn answer() -> BoxFuture<'static, u8> {
    ///     Box::pin(async { 42 })
    /// }
    /// # let _ = answer();
    /// ```
    pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

    /// A stream that may move between threads, where there are any.
    pub type BoxStream<T> = Pin<Box<dyn Stream<Item = T> + Send>>;
}

#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
mod bounds {
    use std::{future::Future, pin::Pin};

    use futures_core::Stream;

    /// `Send` where the target has threads.
    pub trait MaybeSend {}
    impl<T: ?Sized> MaybeSend for T {}

    /// `Sync` where the target has threads.
    pub trait MaybeSync {}
    impl<T: ?Sized> MaybeSync for T {}

    /// A future that may move between threads, where there are any.
    pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

    /// A stream that may move between threads, where there are any.
    pub type BoxStream<T> = Pin<Box<dyn Stream<Item = T>>>;
}

pub use bounds::{BoxFuture, BoxStream, MaybeSend, MaybeSync};
