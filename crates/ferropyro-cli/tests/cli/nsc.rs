//! `ferropyro nsc`: every command, in the words of the genuine tool.

use std::io::Write;
use std::process::Stdio;

use crate::command::{Outcome, Server, ferropyro, run};

struct Names {
    _server: Server,
    port: String,
}

impl Names {
    fn start() -> Self {
        let (server, location) = Server::names(&[]);
        let port = location.split_once(':').expect("a location").1.to_owned();
        Self { _server: server, port }
    }

    fn run(&self, args: &[&str]) -> Outcome {
        run(&[&["nsc", "-n", "localhost", "-p", &self.port], args].concat())
    }

    fn ok(&self, args: &[&str]) -> String {
        self.run(args).success()
    }

    /// What is asked first, and what came of the answer.
    fn remove_matching(&self, pattern: &str, answer: &str) -> String {
        let args = ["nsc", "-n", "localhost", "-p", &self.port, "removematching", pattern];
        let mut child = ferropyro(&args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        child.stdin.take().expect("its input").write_all(answer.as_bytes()).expect("written");
        Outcome::from(child.wait_with_output().expect("it ends")).success()
    }
}

#[test]
fn every_command_answers_like_the_genuine_tool() {
    let names = Names::start();
    assert_eq!(names.ok(&["ping"]), "Name server ping ok.\n");
    assert_eq!(names.ok(&["register", "my.obj", "PYRO:obj@localhost:5555"]), "Registered my.obj\n");
    assert_eq!(names.ok(&["lookup", "my.obj"]), "PYRO:obj@localhost:5555\n");
    assert_eq!(names.ok(&["setmeta", "my.obj", "tag2", "tag1"]), "Metadata updated\n");
    let entry = "PYRO:obj@localhost:5555\n    metadata: {'tag1', 'tag2'}\n";
    assert_eq!(names.ok(&["lookup", "my.obj"]), "PYRO:obj@localhost:5555\nmetadata: {'tag1', 'tag2'}\n");
    let own = format!(
        "Pyro.NameServer --> PYRO:Pyro.NameServer@localhost:{}\n    metadata: \
         {{'class:Pyro4.naming.NameServer', 'class:Pyro5.nameserver.NameServer'}}\n",
        names.port
    );
    assert_eq!(
        names.ok(&["list"]),
        format!("--------START LIST \n{own}my.obj --> {entry}--------END LIST \n")
    );
    for (args, title) in [
        (&["list", "my."][..], "- prefix 'my.'"),
        (&["listmatching", "my.*"], "- regex 'my.*'"),
        (&["yplookup_all", "tag1", "tag2"], " - searched by metadata"),
        (&["yplookup_any", "tag1", "other"], " - searched by metadata"),
    ] {
        let expected = format!("--------START LIST {title}\nmy.obj --> {entry}--------END LIST {title}\n");
        assert_eq!(names.ok(args), expected, "{args:?}");
    }
    let nothing = "--------START LIST  - searched by metadata\n--------END LIST  - searched by metadata\n";
    assert_eq!(names.ok(&["yplookup_all", "tag1", "other"]), nothing);
    assert_eq!(names.ok(&["setmeta", "my.obj"]), "Metadata cleared\n");
    assert_eq!(names.ok(&["lookup", "my.obj"]), "PYRO:obj@localhost:5555\n");
    assert_eq!(names.ok(&["remove", "my.obj"]), "Removed my.obj\n");
    assert_eq!(names.ok(&["remove", "my.obj"]), "Nothing removed\n");
}

#[test]
fn verbose_says_what_is_done_and_options_may_come_last() {
    let names = Names::start();
    let expected = format!(
        "Locating name server...\nName server found: PYRO:Pyro.NameServer@localhost:{}\n\
         Name server ping ok.\nDone.\n",
        names.port
    );
    assert_eq!(names.ok(&["-v", "ping"]), expected);
    assert_eq!(run(&["nsc", "ping", "--verbose", "-p", &names.port]).success(), expected);
}

#[test]
fn removing_by_pattern_asks_first() {
    let names = Names::start();
    names.ok(&["register", "zz1", "PYRO:obj@localhost:5555"]);
    let question = "Potentially removing lots of items from the Name server. Are you sure (y/n)?";
    for answer in ["n\n", "", "yes\n"] {
        assert_eq!(names.remove_matching("zz.*", answer), question, "{answer:?}");
    }
    assert_eq!(names.remove_matching("zz.*", "y\n"), format!("{question}1 items removed.\n"));
    assert_eq!(names.remove_matching("zz.*", "Y\n"), format!("{question}0 items removed.\n"));
}

#[test]
fn what_the_name_server_refuses_is_a_line_for_scripts_a_hint_for_people_and_exit_1() {
    let names = Names::start();
    names.ok(&["register", "my.obj", "PYRO:obj@localhost:5555"]);
    for (args, line, hint) in [
        (&["lookup", "my.onj"][..], "NamingError - unknown name: my.onj", "my.obj"),
        (&["setmeta", "nope", "tag"], "NamingError - unknown name: nope", "nsc list"),
        (
            &["register", "my.obj", "PYRO:o@h:1"],
            "NamingError - name already registered: my.obj",
            "nsc remove",
        ),
        (&["register", "new", "nouri"], "PyroError - invalid uri", "PYRO:object@host:port"),
        (&["listmatching", "("], "NamingError - invalid regex: ", ""),
    ] {
        let outcome = names.run(args);
        assert_eq!(outcome.code, Some(1), "{args:?}");
        assert!(outcome.stdout.starts_with(&format!("Error: {line}")), "{}", outcome.stdout);
        assert!(outcome.stderr.contains(hint), "{}", outcome.stderr);
    }
}

#[test]
fn a_missing_name_server_is_exit_3_with_what_was_tried() {
    let outcome = run(&["nsc", "-n", "localhost", "-p", "1", "ping"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(3), ""));
    for part in ["Failed to locate the nameserver", "localhost:1", "refused", "ferropyro ns"] {
        assert!(outcome.stderr.contains(part), "{}", outcome.stderr);
    }
}

#[test]
fn wrong_usage_is_exit_2() {
    for args in [&["nsc"][..], &["nsc", "foo"], &["nsc", "yplookup_all"], &["nsc", "register", "x"]] {
        assert_eq!(run(args).code, Some(2), "{args:?}");
    }
}
