//! [`Description`]: an [`Interface`] as it travels, for tools that show objects to people.
//!
//! It is our own daemons' answer to `Pyro.Daemon.describe(objectId)`; the genuine ones have no such method. A
//! dict like any other, so that Python reads it too.

use serde::{Deserialize, Serialize};

use super::{AttributeInfo, Interface, MethodInfo};

/// What is known of an object.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Description {
    #[serde(rename = "type")]
    type_name: String,
    doc: Option<String>,
    methods: Vec<Method>,
    attributes: Vec<Attribute>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Method {
    name: String,
    parameters: Option<Vec<String>>,
    /// How many of the last parameters may be left out.
    optional: usize,
    oneway: bool,
    doc: Option<String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Attribute {
    name: String,
    readable: bool,
    writable: bool,
    doc: Option<String>,
}

impl From<&Interface> for Description {
    fn from(interface: &Interface) -> Self {
        let method = |(name, info): (&str, &MethodInfo)| {
            let MethodInfo { oneway, doc, parameters, optional, unlisted: _ } = info.clone();
            Method { name: name.to_owned(), parameters, optional, oneway, doc }
        };
        let attribute = |(name, info): (&str, &AttributeInfo)| {
            let AttributeInfo { readable, writable, doc } = info.clone();
            Attribute { name: name.to_owned(), readable, writable, doc }
        };
        Self {
            type_name: interface.type_name().to_owned(),
            doc: interface.type_doc().map(str::to_owned),
            methods: interface.methods().filter(|(_, info)| !info.unlisted).map(method).collect(),
            attributes: interface.attributes().map(attribute).collect(),
        }
    }
}

impl From<Description> for Interface {
    fn from(description: Description) -> Self {
        let Description { type_name, doc, methods, attributes } = description;
        let mut interface = Self::new(type_name);
        if let Some(doc) = doc {
            interface = interface.doc_of_type(doc);
        }
        for Method { name, parameters, optional, oneway, doc } in methods {
            interface =
                interface.method(name, MethodInfo { oneway, doc, parameters, optional, unlisted: false });
        }
        for Attribute { name, readable, writable, doc } in attributes {
            interface = interface.attribute(name, AttributeInfo { readable, writable, doc });
        }
        interface
    }
}
