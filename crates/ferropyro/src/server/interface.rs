//! [`Interface`]: what callers may use of an object, by name.
//!
//! It describes; it does not call anything.

use ferropyro_proto::Metadata;
use indexmap::IndexMap;

/// The members of an object that callers may use, with what is known of each.
///
/// ```
/// use ferropyro::server::{Interface, MethodInfo};
///
/// let interface = Interface::new("Greeter")
///     .method("hello", MethodInfo::new().doc("Says hello.").parameters(["name"]))
///     .method("log", MethodInfo::new().oneway())
///     .read_only("motto");
/// assert_eq!(interface.metadata().methods, ["hello", "log"]);
/// assert_eq!(interface.metadata().oneway, ["log"]);
/// assert_eq!(interface.metadata().attrs, ["motto"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Interface {
    type_name: String,
    doc: Option<String>,
    methods: IndexMap<String, MethodInfo>,
    attributes: IndexMap<String, AttributeInfo>,
    metadata: Metadata,
}

/// What is known of a method.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MethodInfo {
    /// Callers do not wait for it, and get no answer.
    pub oneway: bool,
    /// What it does, for people.
    pub doc: Option<String>,
    /// The names of its parameters, in order; `None` where they are not known.
    pub parameters: Option<Vec<String>>,
    /// How many of the last parameters may be left out. Default 0.
    pub optional: usize,
    /// Metadata does not tell of it: it is for callers who know it.
    pub unlisted: bool,
}

impl MethodInfo {
    /// A method of which nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Marks it as one that callers do not wait for.
    #[must_use]
    pub fn oneway(mut self) -> Self {
        self.oneway = true;
        self
    }

    /// Leaves it out of the metadata. Callers whose proxies go by that cannot call it.
    #[must_use]
    pub fn unlisted(mut self) -> Self {
        self.unlisted = true;
        self
    }

    /// Says what it does.
    #[must_use]
    pub fn doc(mut self, doc: impl Into<String>) -> Self {
        self.doc = Some(doc.into());
        self
    }

    /// Names its parameters.
    #[must_use]
    pub fn parameters<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.parameters = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Says how many of the last parameters may be left out.
    #[must_use]
    pub fn optional(mut self, count: usize) -> Self {
        self.optional = count;
        self
    }
}

/// What is known of an attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttributeInfo {
    /// Callers may read it.
    pub readable: bool,
    /// Callers may set it.
    pub writable: bool,
    /// What it is, for people.
    pub doc: Option<String>,
}

impl AttributeInfo {
    /// An attribute that can neither be read nor set, yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets callers read it.
    #[must_use]
    pub fn readable(mut self) -> Self {
        self.readable = true;
        self
    }

    /// Lets callers set it.
    #[must_use]
    pub fn writable(mut self) -> Self {
        self.writable = true;
        self
    }

    /// Says what it is.
    #[must_use]
    pub fn doc(mut self, doc: impl Into<String>) -> Self {
        self.doc = Some(doc.into());
        self
    }
}

impl Interface {
    /// An interface without members. The type's name appears in messages.
    #[must_use]
    pub fn new(type_name: impl Into<String>) -> Self {
        Self { type_name: type_name.into(), ..Self::default() }
    }

    /// Adds a method, or replaces the one of that name.
    #[must_use]
    pub fn method(mut self, name: impl Into<String>, info: MethodInfo) -> Self {
        let name = name.into();
        self.forget(&name);
        if !info.unlisted {
            self.metadata.methods.push(name.clone());
            if info.oneway {
                self.metadata.oneway.push(name.clone());
            }
        }
        self.methods.insert(name, info);
        self
    }

    /// Adds an attribute, or replaces the one of that name.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, info: AttributeInfo) -> Self {
        let name = name.into();
        self.forget(&name);
        self.metadata.attrs.push(name.clone());
        self.attributes.insert(name, info);
        self
    }

    /// Adds an attribute that callers may read.
    #[must_use]
    pub fn read_only(self, name: impl Into<String>) -> Self {
        self.attribute(name, AttributeInfo::new().readable())
    }

    /// Adds an attribute that callers may read and set.
    #[must_use]
    pub fn read_write(self, name: impl Into<String>) -> Self {
        self.attribute(name, AttributeInfo::new().readable().writable())
    }

    /// Says what a member that was added before does, for people.
    #[must_use]
    pub fn doc(mut self, name: &str, doc: impl Into<String>) -> Self {
        if let Some(method) = self.methods.get_mut(name) {
            method.doc = Some(doc.into());
        } else if let Some(attribute) = self.attributes.get_mut(name) {
            attribute.doc = Some(doc.into());
        }
        self
    }

    /// Says what the object is, for people.
    #[must_use]
    pub fn doc_of_type(mut self, doc: impl Into<String>) -> Self {
        self.doc = Some(doc.into());
        self
    }

    fn forget(&mut self, name: &str) {
        if self.methods.shift_remove(name).is_some() || self.attributes.shift_remove(name).is_some() {
            for names in [&mut self.metadata.methods, &mut self.metadata.oneway, &mut self.metadata.attrs] {
                names.retain(|other| other != name);
            }
        }
    }

    /// The name of the object's type.
    #[must_use]
    pub fn type_name(&self) -> &str {
        &self.type_name
    }

    /// What the object is, where somebody said so.
    #[must_use]
    pub fn type_doc(&self) -> Option<&str> {
        self.doc.as_deref()
    }

    /// A method by name, with its number in the order in which they were added.
    #[must_use]
    pub fn find_method(&self, name: &str) -> Option<(usize, &MethodInfo)> {
        self.methods.get_full(name).map(|(index, _, info)| (index, info))
    }

    /// An attribute by name, with its number in the order in which they were added.
    #[must_use]
    pub fn find_attribute(&self, name: &str) -> Option<(usize, &AttributeInfo)> {
        self.attributes.get_full(name).map(|(index, _, info)| (index, info))
    }

    /// The methods in the order in which they were added.
    pub fn methods(&self) -> impl ExactSizeIterator<Item = (&str, &MethodInfo)> {
        self.methods.iter().map(|(name, info)| (name.as_str(), info))
    }

    /// The attributes in the order in which they were added.
    pub fn attributes(&self) -> impl ExactSizeIterator<Item = (&str, &AttributeInfo)> {
        self.attributes.iter().map(|(name, info)| (name.as_str(), info))
    }

    /// The names, as clients get them.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }
}

impl From<&Metadata> for Interface {
    /// Of an object of which nothing but the names is known. Whether its attributes can be set is for it to say.
    fn from(metadata: &Metadata) -> Self {
        let method = |interface: Self, name: &String| {
            let oneway = metadata.oneway.contains(name);
            interface.method(name, MethodInfo { oneway, ..MethodInfo::default() })
        };
        let interface = metadata.methods.iter().fold(Self::default(), method);
        metadata.attrs.iter().fold(interface, Self::read_write)
    }
}
