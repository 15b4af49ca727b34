//! Classes whose instances hold something of the runtime.

use magnus::{Error, Module, RClass, RModule, Ruby, TypedData};

/// Defines the class of `T`, whose instances are made here alone.
///
/// Magnus looks a class up for its first instance, by a method of Ruby and under a lock. Where Ruby changes threads in that method, two
/// threads that make the first ones wait for each other for ever: one for the lock, the other for the interpreter's. So it is looked
/// up here, while the module is loaded.
pub(crate) fn define<T: TypedData>(ruby: &Ruby, module: RModule, name: &str) -> Result<RClass, Error> {
    module.define_class(name, ruby.class_object())?;
    Ok(T::class(ruby))
}
