//! What must hold between the numbers.

use super::*;

const _: () =
    assert!(PARTNER_LEASE_MS as u64 > PARTNER_WHOLE_MS_MAX && PARTNER_RETRY_AFTER_MS_MAX < PARTNER_CALL_MS_MAX);
const _: () = assert!(NOTICE_LEASE_MS as u64 > PARTNER_WHOLE_MS_MAX && RAIL_LEASE_MS as u64 > PARTNER_WHOLE_MS_MAX);
const _: () =
    assert!(ATTACHMENT_BYTES_MAX < ATTACHMENT_UPLOAD_BYTES_MAX && ATTACHMENT_READ_BYTES_MAX < HOST_CALL_BYTES_MAX);
const _: () = assert!(WEBHOOK_REMEMBERED_MS > 2 * WEBHOOK_TOLERANCE_S * 1_000);
const _: () = assert!(COMPUTE_MS_MAX <= COMPUTE_WALL_MS_MAX && COMPUTE_WALL_MS_MAX <= CALL_MS_MAX);
const _: () = assert!(STORAGE_VALUE_BYTES_MAX < HOST_CALL_BYTES_MAX);
// Who took shares of an envelope is read as one page.
const _: () = assert!(ENVELOPE_SHARES_MAX <= STORAGE_PAGE_KEYS_MAX as usize);
const _: () =
    assert!(PACKAGE_RUNTIME_BYTES_MAX < UPLOAD_BYTES_MAX as u64 && (UPLOAD_BYTES_MAX as u64) < UNPACKED_BYTES_MAX);
