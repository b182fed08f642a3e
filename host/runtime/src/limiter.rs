//! All memories and tables of a sandbox count together. A growth past the limit is refused, not trapped: the program
//! sees the same as on a machine that is full. When it then breaks off, [`Limiter::refused`] tells why.

use crate::engine::{CORE_INSTANCES_PER_COMPONENT, MEMORIES_PER_COMPONENT, TABLES_PER_COMPONENT};
use wasmtime::ResourceLimiter;
use xitai_model::limits::SANDBOX_BYTES_MAX;

/// What a table element takes in the host.
const TABLE_ELEMENT_BYTES: usize = size_of::<usize>();

#[derive(Debug, Default)]
pub(crate) struct Limiter {
    bytes: usize,
    peak_bytes: usize,
    /// The growth just allowed, given back where the pool then fails to make it.
    granted_bytes: usize,
    refused: bool,
}

impl Limiter {
    pub(crate) fn peak_bytes(&self) -> usize {
        self.peak_bytes
    }

    /// Whether a growth was refused.
    pub(crate) fn refused(&self) -> bool {
        self.refused
    }

    fn grow(&mut self, bytes: usize) -> bool {
        match self.bytes.checked_add(bytes) {
            Some(sum) if sum <= SANDBOX_BYTES_MAX => {
                self.bytes = sum;
                self.peak_bytes = self.peak_bytes.max(sum);
                self.granted_bytes = bytes;
                true
            }
            _ => {
                self.granted_bytes = 0;
                self.refused = true;
                false
            }
        }
    }

    fn give_back(&mut self) {
        self.bytes -= std::mem::take(&mut self.granted_bytes);
        self.refused = true;
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(self.grow(desired.saturating_sub(current)))
    }
    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.give_back();
        Ok(())
    }
    fn table_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(self.grow(desired.saturating_sub(current).saturating_mul(TABLE_ELEMENT_BYTES)))
    }
    fn table_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.give_back();
        Ok(())
    }
    fn instances(&self) -> usize {
        CORE_INSTANCES_PER_COMPONENT as usize
    }
    fn tables(&self) -> usize {
        TABLES_PER_COMPONENT as usize
    }
    fn memories(&self) -> usize {
        MEMORIES_PER_COMPONENT as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memories_and_tables_share_one_limit() {
        let mut limiter = Limiter::default();
        assert!(limiter.memory_growing(0, SANDBOX_BYTES_MAX - 80, None).unwrap());
        assert!(limiter.table_growing(0, 10, None).unwrap());
        assert!(!limiter.refused());
        assert!(!limiter.table_growing(10, 11, None).unwrap());
        assert!(limiter.refused());
        assert_eq!(limiter.peak_bytes(), SANDBOX_BYTES_MAX);
    }

    #[test]
    fn a_growth_that_failed_is_given_back() {
        let mut limiter = Limiter::default();
        assert!(limiter.memory_growing(0, 1 << 20, None).unwrap());
        limiter.memory_grow_failed(wasmtime::Error::msg("no page")).unwrap();
        assert!(limiter.memory_growing(0, SANDBOX_BYTES_MAX, None).unwrap());
    }
}
