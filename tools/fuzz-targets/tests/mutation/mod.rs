//! Inputs made from seeds by chance that is the same in each run.

/// Makes new inputs from seeds: bytes changed, removed, repeated, words put in, and two seeds joined.
#[derive(Debug)]
pub(crate) struct Mutator<'a> {
    seeds: Vec<Vec<u8>>,
    dictionary: &'a [&'a str],
    state: u64,
}

/// The longest input of the ordinary ones, and of those that grow until one sees what does not grow in proportion.
const LONGEST: usize = 2048;
const LONG: usize = 256 * 1024;

impl<'a> Mutator<'a> {
    pub(crate) fn new(seeds: Vec<Vec<u8>>, dictionary: &'a [&'a str]) -> Self {
        assert!(!seeds.is_empty() && !dictionary.is_empty());
        Self {
            seeds,
            dictionary,
            state: 0x5ab1_5ab1_5ab1_5ab1,
        }
    }

    /// A number below `bound` (Marsaglia's xorshift64).
    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from((self.state >> 33) % bound.max(1) as u64).unwrap()
    }

    pub(crate) fn next_input(&mut self) -> Vec<u8> {
        let seed = self.below(self.seeds.len());
        let mut input = self.seeds[seed].clone();
        for _ in 0..=self.below(6) {
            self.mutate(&mut input);
        }
        input.truncate(LONGEST);
        input
    }

    /// A seed in which a piece of it, at times with words, is repeated until it is long. A piece ends before the byte that
    /// it begins with, as an element of a list does together with its comma.
    pub(crate) fn next_long_input(&mut self) -> Vec<u8> {
        let seed = self.below(self.seeds.len());
        let mut input = self.seeds[seed].clone();
        let from = self.below(input.len());
        let rest = &input[from + 1..];
        let length = rest.iter().position(|byte| *byte == input[from]);
        let to = from + length.map_or(1, |length| length + 1);
        let mut repeated = input[from..to].to_vec();
        let words = self.below(6).saturating_sub(3);
        for _ in 0..words {
            let word = self.dictionary[self.below(self.dictionary.len())];
            repeated.extend_from_slice(word.as_bytes());
        }
        let repeated = repeated.repeat(LONG.div_ceil(repeated.len()));
        drop(input.splice(to..to, repeated));
        input
    }

    fn mutate(&mut self, input: &mut Vec<u8>) {
        let start = self.below(input.len() + 1);
        let end = (start + self.below(16)).min(input.len());
        match self.below(7) {
            0 => {
                if let Some(byte) = input.get_mut(start) {
                    *byte = u8::try_from(self.below(256)).unwrap();
                }
            }
            1 => {
                if let Some(byte) = input.get_mut(start) {
                    *byte ^= 1 << self.below(8);
                }
            }
            2 => drop(input.drain(start..end)),
            3 => {
                let repeated = input[start..end].repeat(1 + self.below(8));
                drop(input.splice(start..start, repeated));
            }
            4 => {
                let other = self.below(self.seeds.len());
                let from = self.below(self.seeds[other].len() + 1);
                input.truncate(start);
                input.extend_from_slice(&self.seeds[other][from..]);
            }
            _ => {
                let word = self.dictionary[self.below(self.dictionary.len())];
                drop(input.splice(start..end.min(start + 1), word.bytes()));
            }
        }
    }
}
