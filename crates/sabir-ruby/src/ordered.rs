//! Routes in their order, for applications that try one after another.

use magnus::{
    Error, Module, RArray, RModule, RString, Ruby, TryConvert, Value, function, method, prelude::*,
};
use percent_encoding::percent_decode;
use sabir_core::routing::{Converters, OrderedMatch, OrderedPattern, OrderedRoutes};

use crate::{class, error};

/// Patterns in their order.
#[magnus::wrap(class = "Sabir::Native::OrderedRoutes", free_immediately)]
pub(crate) struct NativeOrderedRoutes(OrderedRoutes);

impl NativeOrderedRoutes {
    /// Compiles patterns: a string is a path, an array of one an expression, and nil matches anything.
    fn new(ruby: &Ruby, given: RArray) -> Result<Self, Error> {
        let patterns: Result<Vec<_>, Error> = given.into_iter().map(pattern).collect();
        let routes = OrderedRoutes::new(&patterns?, &Converters::default());
        routes.map(Self).map_err(|error| error::setup(ruby, error))
    }

    /// Whether an expression can be used.
    fn is_expression(source: String) -> bool {
        OrderedRoutes::new(&[OrderedPattern::Expression(source)], &Converters::default()).is_ok()
    }

    /// The first route from an index on that matches: nil, its index, or an array of that and of what its captures have taken.
    fn find(ruby: &Ruby, this: &Self, path: RString, from: usize) -> Result<Option<Value>, Error> {
        // SAFETY: Nothing here calls Ruby while the bytes are looked at; what is found is copied before strings are made.
        #[allow(unsafe_code)]
        let found = this.0.find(unsafe { path.as_slice() }, from).map(owned);
        let Some((index, captures)) = found else {
            return Ok(None);
        };
        if captures.is_empty() {
            return Ok(Some(ruby.integer_from_u64(index as u64).as_value()));
        }
        let result = ruby.ary_new_capa(captures.len() + 1);
        result.push(index)?;
        for capture in captures {
            match capture {
                None => result.push(ruby.qnil())?,
                Some(bytes) => result.push(ruby.enc_str_new(bytes, ruby.utf8_encoding()))?,
            }
        }
        Ok(Some(result.as_value()))
    }

    /// The names of the captures of a route, nil for those that have none.
    fn names(ruby: &Ruby, this: &Self, index: usize) -> RArray {
        ruby.ary_from_iter(this.0.names(index).iter().map(Option::as_deref))
    }
}

fn pattern(written: Value) -> Result<OrderedPattern, Error> {
    if written.is_nil() {
        return Ok(OrderedPattern::Any);
    }
    match RArray::from_value(written) {
        Some(source) => source.entry(0).map(OrderedPattern::Expression),
        None => String::try_convert(written).map(OrderedPattern::Path),
    }
}

/// The index of a match and its decoded captures.
fn owned(found: OrderedMatch<'_>) -> (usize, Vec<Option<Vec<u8>>>) {
    let decode = |taken: &[u8]| percent_decode(taken).collect();
    let captures = found.captures.into_iter().map(|taken| taken.map(decode));
    (found.index, captures.collect())
}

pub(crate) fn define(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = class::define::<NativeOrderedRoutes>(ruby, native, "OrderedRoutes")?;
    class.define_singleton_method("new", function!(NativeOrderedRoutes::new, 1))?;
    class.define_singleton_method("expression?", function!(NativeOrderedRoutes::is_expression, 1))?;
    class.define_method("find", method!(NativeOrderedRoutes::find, 2))?;
    class.define_method("names", method!(NativeOrderedRoutes::names, 1))
}
