//! [`Slots`]: the calls of a connection that wait for their answers, in the order in which they were sent.
//!
//! Pyro answers in order, so the answer that comes belongs to the first call that has none. A slot outlives
//! the future of its call: an abandoned call's answer has its place too, and is dropped there. An answer that
//! its caller does not fetch holds up nobody else.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::task::Waker;

/// Names a call for as long as its caller waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket(u64);

#[derive(Debug)]
struct Slot {
    /// The method, for callers that wait behind it.
    method: Cow<'static, str>,
    /// Where its frame begins in everything that the connection ever wrote.
    offset: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    Waiting(Option<Waker>),
    /// The caller is gone: the answer is dropped when it comes.
    Left,
}

/// The calls in the order in which they were sent, and the answers `A` that nobody has fetched yet.
#[derive(Debug)]
pub(super) struct Slots<A> {
    /// The calls without an answer.
    slots: VecDeque<Slot>,
    /// The ticket of the first slot.
    base: u64,
    /// How many slots have a caller.
    waiting: usize,
    /// The answers, by ticket, ascending.
    answers: VecDeque<(Ticket, A)>,
}

impl<A> Default for Slots<A> {
    fn default() -> Self {
        Self { slots: VecDeque::new(), base: 0, waiting: 0, answers: VecDeque::new() }
    }
}

impl<A> Slots<A> {
    /// A slot behind all others, for a call whose frame begins at `offset`.
    pub(super) fn push(&mut self, method: Cow<'static, str>, offset: u64) -> Ticket {
        let ticket = Ticket(self.base + self.slots.len() as u64);
        self.waiting += 1;
        self.slots.push_back(Slot { method, offset, state: State::Waiting(None) });
        ticket
    }

    /// How many callers wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }

    /// How many calls have no answer, their callers there or not.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether the answer has come.
    pub(super) fn is_answered(&self, ticket: Ticket) -> bool {
        self.find(ticket).is_some()
    }

    fn find(&self, ticket: Ticket) -> Option<usize> {
        self.answers.binary_search_by_key(&ticket, |(ticket, _)| *ticket).ok()
    }

    fn get(&mut self, ticket: Ticket) -> Option<&mut Slot> {
        let at = ticket.0.checked_sub(self.base)?;
        self.slots.get_mut(usize::try_from(at).ok()?)
    }

    /// Gives the answer to the first call that has none; gives the waker of its caller, unless that is the
    /// one who is asking.
    pub(super) fn answer(&mut self, answer: A, asking: Option<Ticket>) -> Option<Waker> {
        let slot = self.slots.pop_front()?;
        let ticket = Ticket(self.base);
        self.base += 1;
        let State::Waiting(waker) = slot.state else { return None };
        self.waiting -= 1;
        self.answers.push_back((ticket, answer));
        waker.filter(|_| asking != Some(ticket))
    }

    /// Takes the answer, if it is there.
    pub(super) fn take(&mut self, ticket: Ticket) -> Option<A> {
        let (_, answer) = self.answers.remove(self.find(ticket)?)?;
        Some(answer)
    }

    /// Whom to wake when the answer comes.
    pub(super) fn set_waker(&mut self, ticket: Ticket, waker: &Waker) {
        if let Some(Slot { state: State::Waiting(place), .. }) = self.get(ticket) {
            match place {
                Some(old) => old.clone_from(waker),
                None => *place = Some(waker.clone()),
            }
        }
    }

    /// The caller goes: its answer is dropped, now or when it comes.
    pub(super) fn leave(&mut self, ticket: Ticket) {
        drop(self.take(ticket));
        if let Some(slot) = self.get(ticket) {
            let left = std::mem::replace(&mut slot.state, State::Left);
            self.waiting -= usize::from(matches!(left, State::Waiting(_)));
        }
    }

    /// Where the frame of a call without an answer begins.
    pub(super) fn offset(&mut self, ticket: Ticket) -> Option<u64> {
        self.get(ticket).map(|slot| slot.offset)
    }

    /// The method that a call waits behind, unless it is the first one itself.
    pub(super) fn ahead_of(&self, ticket: Ticket) -> Option<&str> {
        let first = self.slots.front()?;
        (self.base != ticket.0).then_some(&*first.method)
    }

    /// The wakers of all callers, for when there will be no answers.
    pub(super) fn take_wakers(&mut self, into: &mut Vec<Waker>) {
        for slot in &mut self.slots {
            if let State::Waiting(waker) = &mut slot.state {
                into.extend(waker.take());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &'static str) -> Cow<'static, str> {
        Cow::Borrowed(name)
    }

    #[test]
    fn answers_go_to_the_calls_in_order_and_can_be_taken_in_any() {
        let mut slots = Slots::default();
        let (a, b) = (slots.push(name("a"), 0), slots.push(name("b"), 10));
        assert!(slots.take(a).is_none());
        slots.answer(1, None);
        slots.answer(2, None);
        assert_eq!(slots.take(b), Some(2));
        assert_eq!(slots.take(b), None);
        assert_eq!(slots.take(a), Some(1));
        assert_eq!((slots.waiting(), slots.len()), (0, 0));
        let c = slots.push(name("c"), 20);
        assert_eq!(slots.offset(c), Some(20));
    }

    #[test]
    fn an_abandoned_call_swallows_its_own_answer() {
        let mut slots = Slots::default();
        let (a, b) = (slots.push(name("a"), 0), slots.push(name("b"), 10));
        assert_eq!(slots.ahead_of(b), Some("a"));
        slots.leave(a);
        assert_eq!((slots.waiting(), slots.len()), (1, 2));
        slots.answer("first", None);
        assert_eq!(slots.ahead_of(b), None);
        slots.answer("second", None);
        assert_eq!(slots.take(b), Some("second"));
        assert_eq!(slots.len(), 0);
    }

    #[test]
    fn an_answer_that_nobody_fetches_takes_no_room() {
        let mut slots = Slots::default();
        let forgotten = slots.push(name("a"), 0);
        slots.answer(0, None);
        for number in 1..1000 {
            let ticket = slots.push(name("b"), 0);
            slots.answer(number, None);
            assert_eq!(slots.take(ticket), Some(number));
            assert_eq!(slots.len(), 0);
        }
        assert_eq!(slots.take(forgotten), Some(0));
    }

    #[test]
    fn an_answer_that_is_left_after_it_came_frees_its_slot() {
        let mut slots = Slots::default();
        let a = slots.push(name("a"), 0);
        slots.answer(1, None);
        slots.leave(a);
        assert_eq!((slots.len(), slots.take(a)), (0, None));
        assert!(slots.answer(2, None).is_none());
    }
}
