//! [`Slots`]: the calls of a connection that wait for their answers, in the order in which they were sent.
//!
//! Pyro answers in order, so the answer that comes belongs to the first call that has none. A slot outlives
//! the future of its call: an abandoned call's answer has its place too, and is dropped there.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::task::Waker;

/// Names a slot for as long as its caller holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ticket(u64);

#[derive(Debug)]
struct Slot<A> {
    /// The method, for callers that wait behind it.
    method: Cow<'static, str>,
    /// Where its frame begins in everything that the connection ever wrote.
    offset: u64,
    state: State<A>,
}

#[derive(Debug)]
enum State<A> {
    Waiting(Option<Waker>),
    Answered(A),
    /// The caller is gone: the answer is dropped when it comes, or has been taken.
    Left,
}

/// The calls in the order in which they were sent, with their answers `A`.
#[derive(Debug)]
pub(super) struct Slots<A> {
    slots: VecDeque<Slot<A>>,
    /// The ticket of the first slot.
    base: u64,
    /// How many slots at the front have been answered.
    answered: usize,
    /// How many slots have a caller and no answer.
    waiting: usize,
}

impl<A> Default for Slots<A> {
    fn default() -> Self {
        Self { slots: VecDeque::new(), base: 0, answered: 0, waiting: 0 }
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

    /// Whether the answer has come.
    pub(super) fn is_answered(&mut self, ticket: Ticket) -> bool {
        self.get(ticket).is_some_and(|slot| matches!(slot.state, State::Answered(_)))
    }

    /// How many calls are here whose callers have not seen the answer.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    fn get(&mut self, ticket: Ticket) -> Option<&mut Slot<A>> {
        let at = ticket.0.checked_sub(self.base)?;
        self.slots.get_mut(usize::try_from(at).ok()?)
    }

    /// Puts the answer into the first slot that has none; gives the waker of its caller, unless that is the
    /// one who is asking.
    pub(super) fn answer(&mut self, answer: A, asking: Option<Ticket>) -> Option<Waker> {
        let own = asking == Some(Ticket(self.base + self.answered as u64));
        let slot = self.slots.get_mut(self.answered)?;
        self.answered += 1;
        let waker = match &mut slot.state {
            State::Waiting(waker) => {
                let waker = waker.take().filter(|_| !own);
                slot.state = State::Answered(answer);
                self.waiting -= 1;
                waker
            }
            State::Answered(_) | State::Left => None,
        };
        self.trim();
        waker
    }

    /// Takes the answer, if it is there.
    pub(super) fn take(&mut self, ticket: Ticket) -> Option<A> {
        let slot = self.get(ticket)?;
        if !matches!(slot.state, State::Answered(_)) {
            return None;
        }
        let State::Answered(answer) = std::mem::replace(&mut slot.state, State::Left) else { return None };
        self.trim();
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

    /// Gives a slot up: its answer is dropped when it comes.
    pub(super) fn leave(&mut self, ticket: Ticket) {
        if let Some(slot) = self.get(ticket) {
            let left = std::mem::replace(&mut slot.state, State::Left);
            self.waiting -= usize::from(matches!(left, State::Waiting(_)));
        }
        self.trim();
    }

    /// Where the frame of a call begins.
    pub(super) fn offset(&mut self, ticket: Ticket) -> Option<u64> {
        self.get(ticket).map(|slot| slot.offset)
    }

    /// The method that a call waits behind, unless it is the first one itself.
    pub(super) fn ahead_of(&self, ticket: Ticket) -> Option<&str> {
        let first = self.slots.get(self.answered)?;
        (self.base + self.answered as u64 != ticket.0).then_some(&*first.method)
    }

    /// The wakers of all callers, for when there will be no answers.
    pub(super) fn take_wakers(&mut self, into: &mut Vec<Waker>) {
        for slot in &mut self.slots {
            if let State::Waiting(waker) = &mut slot.state {
                into.extend(waker.take());
            }
        }
    }

    /// Drops the slots at the front that nobody needs any more.
    fn trim(&mut self) {
        while self.answered > 0 && self.slots.front().is_some_and(|slot| matches!(slot.state, State::Left)) {
            self.slots.pop_front();
            self.answered -= 1;
            self.base += 1;
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
    fn an_answer_that_is_left_after_it_came_frees_its_slot() {
        let mut slots = Slots::default();
        let a = slots.push(name("a"), 0);
        slots.answer(1, None);
        slots.leave(a);
        assert_eq!(slots.len(), 0);
        assert!(slots.answer(2, None).is_none());
    }
}
