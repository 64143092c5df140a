//! The stories, run as a user runs them: each as a process of its own, that ends by itself and has told what it
//! is there to tell.

use std::process::Command;

/// Runs a program, and finds these lines in what it prints, in this order; others may stand between them.
fn tells(program: &str, story: &str) {
    let outcome = Command::new(program).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&outcome.stdout), String::from_utf8_lossy(&outcome.stderr));
    assert!(outcome.status.success(), "{out}{err}");
    let mut lines = out.lines().map(str::trim);
    for expected in story.lines().map(str::trim).filter(|line| !line.is_empty()) {
        assert!(lines.any(|line| line == expected), "no line {expected:?} where it should be:\n{out}{err}");
    }
}

#[test]
fn banks_are_found_and_refuse_in_their_own_words() {
    tells(
        env!("CARGO_BIN_EXE_banks"),
        r#"
        Irmen at ABN:
        cannot overdraw, 99.25 are missing
        Suzy at Rabobank:
        overdraws
        cannot take the money of nobody: unknown account
        accounts at ABN: {"Irmen": 300.75, "Suzy": 300.75}
        accounts at Rabobank: {"Irmen": -99.25, "Suzy": -99.25}
        "#,
    );
}

#[test]
fn stock_quotes_are_drawn_from_streams_and_come_as_callbacks() {
    tells(
        env!("CARGO_BIN_EXE_stockquotes"),
        "
        NASDAQ trades AAPL, CSCO, MSFT, GOOG
        NASDAQ.AAPL: 50.00
        NYSE.IBM: 50.00
        NASDAQ.MSFT: 68.50
        NYSE.IBM: 52.50
        Called back:
        Ann sees NASDAQ.AAPL: 50.00
        Bob sees NASDAQ.AAPL: 50.00
        Bob sees NASDAQ.MSFT: 68.50
        Ann sees NYSE.IBM: 50.00
        ",
    );
}

#[test]
fn a_warehouse_is_visited_in_the_same_way_wherever_it_is() {
    tells(
        env!("CARGO_BIN_EXE_warehouse"),
        "
        In this program:
        (Janet stored the umbrella)
        Janet goes home with the bike
        Henry finds no moon
        Behind an address:
        Janet sees chair, bike, flashlight, laptop, couch
        Behind a name:
        Henry sees chair, flashlight, laptop, couch, umbrella
        Henry finds no moon
        ",
    );
}

#[test]
fn a_shop_hands_out_carts_and_takes_them_back() {
    tells(
        env!("CARGO_BIN_EXE_shoppingcart"),
        "
        Harry wants caviar: we do not sell caviar
        In the shop: Harry, Sally, shoplifter
        Harry pays by his name:
        total:    6.70
        Sally hands in her cart:
        total:    7.59
        Harry's cart holds 0 things now
        shoplifter is held back for 1 thing
        Harry wants one more bread: DaemonError: unknown object
        ",
    );
}

#[test]
fn a_chat_box_notices_who_leaves_and_who_is_gone() {
    tells(
        env!("CARGO_BIN_EXE_chat"),
        r#"
        Bob enters the tea room, where there are now: Ann, Bob
        A second Bob is not let in: this nick is already in use
        Rooms: tea room; people: Ann
        Ann heard:
        <SERVER> ** Bob joined **
        <Bob> Tea?
        <Ann> With milk, please
        <SERVER> ** Bob is gone **
        Bob heard:
        <Bob> Tea?
        Eve heard:
        <Eve> Nobody here
        "#,
    );
}

#[test]
fn a_message_bus_is_held_up_neither_by_the_slow_nor_by_the_gone() {
    tells(
        env!("CARGO_BIN_EXE_messagebus"),
        "
        Topics: bus.lost, weather
        the slow one gets ('Amsterdam', 'sunny'), and thinks it over
        the watch hears of 'a subscriber of weather'
        the quick one gets ('Amsterdam', 'cloudy')
        the quick one gets ('Amsterdam', 'hail')
        the slow one gets ('Amsterdam', 'cloudy') ('Amsterdam', 'storm') ('Amsterdam', 'hail')
        ",
    );
}

#[test]
fn workers_fetch_numbers_and_bring_their_factors() {
    tells(
        env!("CARGO_BIN_EXE_distributed"),
        "
        1216464480 = 2 * 2 * 2 * 2 * 2 * 3 * 3 * 3 * 3 * 5 * 7 * 11 * 23 * 53
        56072604637 = 7 * 37 * 257 * 842399
        123910324285 = 5 * 11 * 17 * 19 * 31 * 71 * 3169
        3 workers did 12 items
        ",
    );
}

#[test]
fn workers_from_the_yellow_pages_draw_a_picture_together() {
    tells(
        env!("CARGO_BIN_EXE_mandelbrot"),
        "
        mandelbrot_3 offers to help
        |                  ...........................               |
        |                                                --::::......|
        |             .......................::-:::........          |
        any one of them agrees: true
        ",
    );
}

#[test]
fn robots_and_their_game_call_each_other() {
    tells(
        env!("CARGO_BIN_EXE_robots"),
        "
        A second Hulk may not play: that name is already taken
        Before:
        B...........
        Hulk says: GRR!
        Hulk hits Bender, who can take 0 more
        Bender says: Hulk killed me
        Marvin says: Hulk killed me
        Hulk says: I won!
        After:
        ..........H.
        ",
    );
}

#[test]
fn users_log_in_and_have_sessions_of_their_own() {
    tells(
        env!("CARGO_BIN_EXE_sessions"),
        r#"
        ann with "pear": wrong user or password
        the daemon says: hello ann
        (ann stores number = 42 from the kitchen, Pyro5 (protocol 502), serpent)
        bob keeps 1 value
        ann has 42
        bob has 43
        a clone of ann's proxy finds 42
        a fork of it: nothing is stored under "number"
        the fork is gone: ann
        ann's connection is closed: ann
        ann, connected anew: nothing is stored under "number"
        the server's own program: PermissionError: nobody is logged in
        "#,
    );
}

#[test]
fn times_come_back_as_texts_and_as_times() {
    tells(
        env!("CARGO_BIN_EXE_timezones"),
        "
        a datetime, datetime.datetime(2024, 2, 29, 13, 14, 15, 678901):
        serpent  a str: '2024-02-29T13:14:15.678901'
        marshal  not at all
        msgpack  as it is
        a timedelta, datetime.timedelta(seconds=5400):
        serpent  a float: 5400.0
        2024-02-29T13:14:15.678901+01:00 in Tokyo, of a method that declares its types:
        serpent  2024-02-29T21:14:15.678901+09:00
        json     2024-02-29T21:14:15.678901+09:00
        refused: 2024-02-29T13:14:15.678901 does not say in which zone
        ",
    );
}

#[test]
fn files_are_fetched_and_brought_whole_or_not_at_all() {
    tells(
        env!("CARGO_BIN_EXE_filetransfer"),
        r#"
        read with 8 calls: true
        downloaded: true
        uploaded: 8000000 bytes
        the copy is the same: true
        ../ball.bin: "../ball.bin" is no file name
        "#,
    );
}
