//! EMVCo merchant-presented codes.
