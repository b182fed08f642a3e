//! Random numbers that a replay draws again.

/// A generator seeded from the call's context (xoshiro256++). Good for shuffles and draws; not for secrets: the host
/// keeps the seed, as it must to replay the call.
#[derive(Debug, Clone)]
pub struct Random {
    lanes: [u64; 4],
}

impl Random {
    /// Seeds the generator. Bytes past the 32nd are ignored, missing ones are zero.
    pub fn from_seed(seed: &[u8]) -> Self {
        let mut lanes = [0x9e37_79b9_7f4a_7c15_u64; 4];
        for (index, byte) in seed.iter().take(32).enumerate() {
            lanes[index / 8] ^= u64::from(*byte) << (8 * (index % 8));
        }
        let mut random = Self { lanes };
        // Seeds that differ in a few bits give streams that differ in all.
        for _ in 0..16 {
            random.next_u64();
        }
        random
    }
    /// 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        let lanes = &mut self.lanes;
        let drawn = lanes[0].wrapping_add(lanes[3]).rotate_left(23).wrapping_add(lanes[0]);
        let shifted = lanes[1] << 17;
        lanes[2] ^= lanes[0];
        lanes[3] ^= lanes[1];
        lanes[1] ^= lanes[2];
        lanes[0] ^= lanes[3];
        lanes[2] ^= shifted;
        lanes[3] = lanes[3].rotate_left(45);
        drawn
    }
    /// A number from 0 up to, but not including, `bound`; 0 where `bound` is 0. Every number is equally likely.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        // Values past the last whole multiple of `bound` would favour small numbers.
        let fair = u64::MAX - u64::MAX % bound;
        loop {
            let drawn = self.next_u64();
            if drawn < fair {
                return drawn % bound;
            }
        }
    }
    /// Puts the elements into a random order.
    pub fn shuffle<T>(&mut self, elements: &mut [T]) {
        for last in (1..elements.len()).rev() {
            elements.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_same_seed_draws_the_same_numbers() {
        let (mut one, mut two) = (Random::from_seed(&[7; 32]), Random::from_seed(&[7; 32]));
        assert!((0..100).all(|_| one.next_u64() == two.next_u64()));
        assert_ne!(Random::from_seed(&[8; 32]).next_u64(), Random::from_seed(&[7; 32]).next_u64());
    }

    #[test]
    fn below_stays_below_and_reaches_every_number() {
        let mut random = Random::from_seed(&[]);
        let mut seen = [0; 6];
        (0..600).for_each(|_| seen[random.below(6) as usize] += 1);
        assert!(seen.iter().all(|count| *count > 50), "{seen:?}");
        assert_eq!(random.below(0), 0);
    }
}
