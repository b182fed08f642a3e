//! A tree of digests after RFC 6962: that a leaf is under a root is shown by a path as long as the tree is high.

use crate::digest::Digest;
use sha2::{Digest as _, Sha256};

fn leaf(digest: &Digest) -> Digest {
    hashed(&[&[0], digest.as_str().as_bytes()])
}
fn node(left: &Digest, right: &Digest) -> Digest {
    hashed(&[&[1], left.as_str().as_bytes(), right.as_str().as_bytes()])
}
fn hashed(parts: &[&[u8]]) -> Digest {
    let mut hasher = Sha256::new();
    parts.iter().for_each(|part| hasher.update(part));
    Digest::of_sha256(&hasher.finalize().into())
}

/// How many leaves of so many stand left of the root: the largest power of two below.
fn left_of(leaves: usize) -> usize {
    leaves.next_power_of_two() / 2
}

/// The root over the leaves; over none, the digest of nothing.
pub fn root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest::of(b""),
        [one] => leaf(one),
        many => {
            let (left, right) = many.split_at(left_of(many.len()));
            node(&root(left), &root(right))
        }
    }
}

/// What must be known beside the leaf at `at` to come to the root, from the leaf upwards.
pub fn path(leaves: &[Digest], at: usize) -> Vec<Digest> {
    if leaves.len() <= 1 || at >= leaves.len() {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(left_of(leaves.len()));
    let (mut path, beside) = if at < left.len() {
        (self::path(left, at), root(right))
    } else {
        (self::path(right, at - left.len()), root(left))
    };
    path.push(beside);
    path
}

/// The root that the path leads to; `None` where the path is not as long as a leaf at `at` of so many needs.
pub fn root_by(digest: &Digest, at: usize, leaves: usize, path: &[Digest]) -> Option<Digest> {
    match path.split_last() {
        _ if at >= leaves => None,
        None => (leaves == 1).then(|| leaf(digest)),
        Some((beside, below)) if leaves > 1 => {
            let left = left_of(leaves);
            match at < left {
                true => Some(node(&root_by(digest, at, left, below)?, beside)),
                false => Some(node(beside, &root_by(digest, at - left, leaves - left, below)?)),
            }
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leaves(count: usize) -> Vec<Digest> {
        (0..count).map(|at| Digest::of(&at.to_be_bytes())).collect()
    }

    proptest! {
        #[test]
        fn each_leaf_has_a_path_and_nothing_else_has(count in 1_usize..70, at in 0_usize..70, other in 0_usize..70) {
            let (leaves, at, other) = (leaves(count), at % count, other % count);
            let path = path(&leaves, at);
            prop_assert!(path.len() <= 7);
            let root = root(&leaves);
            prop_assert_eq!(root_by(&leaves[at], at, count, &path), Some(root.clone()));
            if other != at {
                prop_assert_ne!(root_by(&leaves[other], at, count, &path), Some(root.clone()));
                prop_assert_ne!(root_by(&leaves[at], other, count, &path), Some(root.clone()));
            }
            if let Some((_, shorter)) = path.split_first() {
                prop_assert_ne!(root_by(&leaves[at], at, count, shorter), Some(root.clone()));
            }
            let mut longer = path.clone();
            longer.push(Digest::of(b"more"));
            prop_assert_ne!(root_by(&leaves[at], at, count, &longer), Some(root));
        }
    }

    #[test]
    fn a_node_is_no_leaf() {
        let two = leaves(2);
        let inner = root(&two);
        assert_ne!(root(std::slice::from_ref(&inner)), inner);
        assert_eq!(root(&[]), Digest::of(b""));
    }
}
