//! The environment that an application of Rack gets: a Hash, filled at once.

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Version,
    header::{self, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, UPGRADE},
};
use magnus::{
    Error, RArray, RHash, RString, Ruby, Value, gc::Marker, prelude::*, r_hash::ForEach, value::Opaque,
};
use sabir_core::{RequestHead, Scheme, pipeline::below};
use sabir_host::memory::InMemory;

use crate::{filling::Filling, value::key};

/// Most environments have fewer names and values.
const ROOM: usize = 96;

/// What keys begin with that are about the connection.
const TAKEOVER: &str = "rack.hijack";

/// The key of what is to be called after the answer. Among the constants, it says that somebody is going to.
const RESPONSE_FINISHED: &str = "rack.response_finished";

/// What does not change from request to request.
pub(crate) struct Environment {
    prefix: String,
    constants: Vec<(Opaque<Value>, Opaque<Value>)>,
    /// Of requests that have a connection of their own.
    takeover: Vec<(Opaque<Value>, Opaque<Value>)>,
    /// Whether each has an array of what is to be called after the answer.
    has_callbacks: bool,
    names: Names,
    /// The keys of header fields that many clients send.
    fields: HeaderMap<Opaque<Value>>,
    methods: Vec<(Method, Opaque<Value>)>,
}

/// Keys, and values of which there are few.
struct Names {
    request_method: Opaque<Value>,
    path_info: Opaque<Value>,
    query_string: Opaque<Value>,
    request_uri: Opaque<Value>,
    server_name: Opaque<Value>,
    server_port: Opaque<Value>,
    server_protocol: Opaque<Value>,
    http_version: Opaque<Value>,
    remote_addr: Opaque<Value>,
    http_host: Opaque<Value>,
    input: Opaque<Value>,
    protocol: Opaque<Value>,
    response_finished: Opaque<Value>,
    empty: Opaque<Value>,
    http_10: Opaque<Value>,
    http_11: Opaque<Value>,
    http_2: Opaque<Value>,
    localhost: Opaque<Value>,
    loopback: Opaque<Value>,
    default_port: Opaque<Value>,
    secure_port: Opaque<Value>,
    url_scheme: Opaque<Value>,
    https: Opaque<Value>,
}

impl Names {
    fn new(text: impl Fn(&str) -> Opaque<Value>) -> Self {
        Self {
            request_method: text("REQUEST_METHOD"),
            path_info: text("PATH_INFO"),
            query_string: text("QUERY_STRING"),
            request_uri: text("REQUEST_URI"),
            server_name: text("SERVER_NAME"),
            server_port: text("SERVER_PORT"),
            server_protocol: text("SERVER_PROTOCOL"),
            http_version: text("HTTP_VERSION"),
            remote_addr: text("REMOTE_ADDR"),
            http_host: text("HTTP_HOST"),
            input: text("rack.input"),
            protocol: text("rack.protocol"),
            response_finished: text(RESPONSE_FINISHED),
            empty: text(""),
            http_10: text("HTTP/1.0"),
            http_11: text("HTTP/1.1"),
            http_2: text("HTTP/2"),
            localhost: text("localhost"),
            loopback: text("127.0.0.1"),
            default_port: text("80"),
            secure_port: text("443"),
            url_scheme: text("rack.url_scheme"),
            https: text("https"),
        }
    }

    fn all(&self) -> [Opaque<Value>; 23] {
        [
            self.request_method,
            self.path_info,
            self.query_string,
            self.request_uri,
            self.server_name,
            self.server_port,
            self.server_protocol,
            self.http_version,
            self.remote_addr,
            self.http_host,
            self.input,
            self.protocol,
            self.response_finished,
            self.empty,
            self.http_10,
            self.http_11,
            self.http_2,
            self.localhost,
            self.loopback,
            self.default_port,
            self.secure_port,
            self.url_scheme,
            self.https,
        ]
    }

    fn version(&self, version: Version) -> Opaque<Value> {
        match version {
            Version::HTTP_10 => self.http_10,
            Version::HTTP_2 => self.http_2,
            _ => self.http_11,
        }
    }
}

/// Fields that have keys at hand.
const USUAL_FIELDS: [HeaderName; 24] = [
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::ACCEPT_LANGUAGE,
    header::AUTHORIZATION,
    header::CACHE_CONTROL,
    CONNECTION,
    header::CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    COOKIE,
    header::EXPECT,
    header::FORWARDED,
    HOST,
    header::IF_MODIFIED_SINCE,
    header::IF_NONE_MATCH,
    header::ORIGIN,
    header::PRAGMA,
    header::RANGE,
    header::REFERER,
    header::TE,
    header::TRANSFER_ENCODING,
    UPGRADE,
    header::UPGRADE_INSECURE_REQUESTS,
    header::USER_AGENT,
];

const METHODS: [Method; 7] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

impl Environment {
    /// Environments of requests below `prefix`, which have all of `constants`. `kept` holds what it is made of until the garbage
    /// collector sees it.
    ///
    /// # Errors
    /// What reading the Hash raises.
    pub(crate) fn new(ruby: &Ruby, prefix: &str, constants: RHash, kept: RArray) -> Result<Self, Error> {
        let text = |text: &str| {
            let text = key(ruby, text);
            // It fails where there is no memory left.
            let _ = kept.push(text);
            Opaque::from(text)
        };
        let (mut pairs, mut takeover) = (Vec::with_capacity(constants.len()), Vec::new());
        let mut has_callbacks = false;
        constants.foreach(|name: RString, value: Value| {
            let name = name.to_string()?;
            if name == RESPONSE_FINISHED {
                has_callbacks = true;
                return Ok(ForEach::Continue);
            }
            let pair = (text(&name), Opaque::from(value));
            if name.starts_with(TAKEOVER) {
                takeover.push(pair);
            } else {
                pairs.push(pair);
            }
            Ok(ForEach::Continue)
        })?;
        let fields = USUAL_FIELDS
            .into_iter()
            .filter_map(|name| Some((name.clone(), text(&variable(&name)?))));
        Ok(Self {
            prefix: prefix.to_owned(),
            constants: pairs,
            takeover,
            has_callbacks,
            names: Names::new(text),
            fields: fields.collect(),
            methods: METHODS
                .into_iter()
                .map(|method| {
                    let name = text(method.as_str());
                    (method, name)
                })
                .collect(),
        })
    }

    /// Shows the garbage collector what every environment holds.
    pub(crate) fn mark(&self, marker: &Marker) {
        for (name, value) in self.constants.iter().chain(&self.takeover) {
            marker.mark(*name);
            marker.mark(*value);
        }
        self.names.all().into_iter().for_each(|name| marker.mark(name));
        self.fields.values().for_each(|name| marker.mark(*name));
        self.methods.iter().for_each(|(_, name)| marker.mark(*name));
    }

    /// The environment of a request with this head. `input` stands in for what `rack.input` is without content.
    pub(crate) fn fill(&self, ruby: &Ruby, head: &RequestHead, input: Option<Value>) -> RHash {
        let names = &self.names;
        let get = |value: Opaque<Value>| ruby.get_inner(value);
        let bytes = |bytes: &[u8]| ruby.str_from_slice(bytes).as_value();
        let mut filling = Filling::<ROOM>::new(ruby);
        let owns_connection = owns_connection(head);
        let takeover = if owns_connection {
            self.takeover.as_slice()
        } else {
            &[]
        };
        for (name, value) in self.constants.iter().chain(takeover) {
            filling.add(get(*name), get(*value));
        }
        filling.add(get(names.request_method), self.method(ruby, &head.method));
        let path = head.uri.path();
        filling.add(get(names.path_info), bytes(self.path(head).as_bytes()));
        let query = head.uri.query().filter(|query| !query.is_empty());
        let query = query.map_or_else(|| get(names.empty), |query| bytes(query.as_bytes()));
        filling.add(get(names.query_string), query);
        let target = head.uri.path_and_query().map_or(path, |target| target.as_str());
        filling.add(get(names.request_uri), bytes(target.as_bytes()));
        let version = get(names.version(head.version));
        filling.add(get(names.server_protocol), version);
        filling.add(get(names.http_version), version);
        let remote = match head.remote {
            Some(remote) => bytes(remote.ip().to_string().as_bytes()),
            None => get(names.loopback),
        };
        filling.add(get(names.remote_addr), remote);
        if head.scheme == Scheme::Https {
            filling.add(get(names.url_scheme), get(names.https));
        }
        self.add_host(ruby, head, &mut filling);
        self.add_fields(ruby, &head.headers, &mut filling);
        if let Some(input) = input {
            filling.add(get(names.input), input);
        }
        if self.has_callbacks {
            filling.add(get(names.response_finished), ruby.ary_new().as_value());
        }
        if let Some(protocols) = protocols(head).filter(|_| owns_connection) {
            let protocols = ruby.ary_from_iter(protocols.map(|name| ruby.str_from_slice(name.as_bytes())));
            filling.add(get(names.protocol), protocols.as_value());
        }
        filling.finish()
    }

    /// The name of a method.
    pub(crate) fn method(&self, ruby: &Ruby, method: &Method) -> Value {
        let known = self.methods.iter().find(|(known, _)| known == method);
        known.map_or_else(
            || ruby.str_from_slice(method.as_str().as_bytes()).as_value(),
            |(_, name)| ruby.get_inner(*name),
        )
    }

    /// The path below the prefix.
    pub(crate) fn path<'h>(&self, head: &'h RequestHead) -> &'h str {
        let path = head.uri.path();
        below(&self.prefix, path).unwrap_or(path)
    }

    /// The name and the port that the client has asked for.
    fn add_host(&self, ruby: &Ruby, head: &RequestHead, filling: &mut Filling<ROOM>) {
        let names = &self.names;
        let host = head.headers.get(HOST).map(HeaderValue::as_bytes);
        let authority = head
            .uri
            .authority()
            .map(|authority| authority.as_str().as_bytes());
        let asked = host.or(authority).unwrap_or_default();
        if let (None, Some(authority)) = (host, authority) {
            let authority = ruby.str_from_slice(authority).as_value();
            filling.add(ruby.get_inner(names.http_host), authority);
        }
        let (name, port) = split_host(asked);
        let name = if name.is_empty() {
            ruby.get_inner(names.localhost)
        } else {
            ruby.str_from_slice(name).as_value()
        };
        let port = if port.is_empty() {
            ruby.get_inner(match head.scheme {
                Scheme::Http => names.default_port,
                Scheme::Https => names.secure_port,
            })
        } else {
            ruby.str_from_slice(port).as_value()
        };
        filling.add(ruby.get_inner(names.server_name), name);
        filling.add(ruby.get_inner(names.server_port), port);
    }

    /// What is to be called after the answer to the request of an environment. It may still grow.
    pub(crate) fn callbacks(ruby: &Ruby, environment: RHash) -> Option<RArray> {
        let callbacks = environment.get(key(ruby, RESPONSE_FINISHED));
        callbacks.and_then(RArray::from_value)
    }

    /// The header fields, those of one name as one.
    fn add_fields(&self, ruby: &Ruby, headers: &HeaderMap, filling: &mut Filling<ROOM>) {
        let mut fields = headers.iter().peekable();
        while let Some((name, value)) = fields.next() {
            let is_repeated = fields.peek().is_some_and(|(next, _)| *next == name);
            let value = if is_repeated {
                let mut whole = value.as_bytes().to_vec();
                while let Some((_, value)) = fields.next_if(|(next, _)| *next == name) {
                    join(&mut whole, name, value);
                }
                ruby.str_from_slice(&whole)
            } else {
                ruby.str_from_slice(value.as_bytes())
            };
            let name = match self.fields.get(name) {
                Some(name) => ruby.get_inner(*name),
                None => match variable(name) {
                    Some(variable) => key(ruby, &variable),
                    None => continue,
                },
            };
            filling.add(name, value.as_value());
        }
    }
}

/// Whether a request has a connection of its own, which may be taken over.
fn owns_connection(head: &RequestHead) -> bool {
    head.version != Version::HTTP_2 && head.extensions.get::<InMemory>().is_none()
}

/// The protocols that the client would rather speak on the connection (RFC 9110 §7.8).
fn protocols(head: &RequestHead) -> Option<impl Iterator<Item = &str>> {
    let asked = head.headers.get(UPGRADE)?.to_str().ok()?;
    let options = head.headers.get_all(CONNECTION);
    let is_asked = |options: &HeaderValue| {
        let mut options = options.to_str().unwrap_or_default().split(',');
        options.any(|option| option.trim().eq_ignore_ascii_case("upgrade"))
    };
    let is_asked = head.version == Version::HTTP_11 && options.iter().any(is_asked);
    is_asked.then(|| asked.split(',').map(str::trim).filter(|name| !name.is_empty()))
}

/// Adds a further value of a field (RFC 9110 §5.3, RFC 6265bis §4.2.1).
fn join(whole: &mut Vec<u8>, name: &HeaderName, value: &HeaderValue) {
    if *name == CONTENT_LENGTH {
        // All of them are the same.
        return;
    }
    whole.extend_from_slice(if *name == COOKIE { b"; " } else { b", " });
    whole.extend_from_slice(value.as_bytes());
}

/// The key of a field (RFC 3875 §4.1.18). Fields that would pass for others have none: an underscore looks like a hyphen, and
/// `Version` like the version of the protocol.
fn variable(name: &HeaderName) -> Option<String> {
    if *name == CONTENT_TYPE {
        return Some("CONTENT_TYPE".into());
    }
    if *name == CONTENT_LENGTH {
        return Some("CONTENT_LENGTH".into());
    }
    let name = name.as_str();
    if name.contains('_') || name == "version" {
        return None;
    }
    let mut variable = String::with_capacity("HTTP_".len() + name.len());
    variable.push_str("HTTP_");
    variable.extend(name.chars().map(|letter| match letter {
        '-' => '_',
        letter => letter.to_ascii_uppercase(),
    }));
    Some(variable)
}

/// Name and port of `host:port`; an address of IPv6 stands in brackets.
fn split_host(host: &[u8]) -> (&[u8], &[u8]) {
    match host.iter().rposition(|byte| *byte == b':') {
        Some(colon) if host[colon + 1..].iter().all(u8::is_ascii_digit) => {
            (&host[..colon], &host[colon + 1..])
        }
        _ => (host, b""),
    }
}
