//! Codes that others have published: the examples of EMVCo's own specifications, and those of payment networks.

/// The worked example of EMVCo's specification of merchant-presented codes, section 4.8.
pub(super) const SPECIFICATION: &str = "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802\
    CN5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A6008667\
    0902ME91320016A0112233449988770708123456786304A13A";

/// Whose, the code, and the amount that it asks for.
pub(super) const PUBLISHED: &[(&str, &str, Option<&str>)] = &[
    (
        "Banco Central do Brasil, manual of Pix",
        "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Fulano de Tal\
         6008BRASILIA62070503***63041D3D",
        None,
    ),
    (
        "PayNow of Singapore",
        "00020101021226580009SG.PAYNOW010120213201929813CSPP030100414202308011802005204000053037025402205802SG5925\
         SHOPEEPAY PRIVATE LIMITED6009SINGAPORE62270123SPP1844414393533165284563047A0C",
        Some("20.00 SGD"),
    ),
    (
        "QR Ph of the Philippines",
        "00020101021227630012com.p2pqrpay0111BNORPHMMXXX0208999644030416526727002210086752046016530360854036005802PH5903\
         Xhf6006Makati622905062110000708915312010803***63046399",
        Some("600.00 PHP"),
    ),
];

/// The example of EMVCo's specification of consumer-presented codes: two applications, and data that both share.
pub(super) const CONSUMER_SPECIFICATION: &str = "hQVDUFYwMWETTwegAAAAVVVVUAhQcm9kdWN0MWETTwegAAAAZmZmUAhQcm9kdWN0MmJJWggSNFZ4kBI0\
    WF8gDkNBUkRIT0xERVIvRU1WXy0IcnVlc2RlZW5kIZ8QBwYBCgMAAACfJghYT9OF+iNLzJ82AgABnzcEbVjvEw==";

/// Whose, the code, and the name of its application in hexadecimal.
pub(super) const CONSUMER_PUBLISHED: &[(&str, &str, &str)] = &[
    ("the smallest of a library's examples", "hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8=", "A0000000555555"),
    (
        "UnionPay International, documentation for acquirers",
        "hQVDUFYwMWFYTwigAAADMwEBAVcTYpJhA1hEQzVkHSIQIBAAABiAH180AQBjM58mCFaLEtnaC9l/nycBgJ8QEQcAAQOgAAABCDM5OTk5OTk5nzYC\
         AAGCAgAAnzcE6gZYyA==",
        "A000000333010101",
    ),
];
