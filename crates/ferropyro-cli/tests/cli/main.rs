//! The command as users and scripts meet it: the built binary, its lines, its exit codes.
#![cfg(unix)]

mod bridge;
mod call;
mod certs;
mod command;
mod config;
mod demo;
mod echoserver;
mod help;
mod inspect;
mod ns;
mod nsc;
mod stream;
mod unreachable;
