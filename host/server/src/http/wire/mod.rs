//! The shapes of the HTTP API. What comes in is text until `parsed` has made the product's own types of it.

mod bank;
mod content;
mod customer;
mod endpoint;
mod feedback;
mod release;
mod session;

pub use bank::{Audit, AuditQuery, Readiness};
pub use content::{
    ContentQuery, ContentRecord, ContentRecords, CreateEntry, DecideVersion, Library, LibraryEntry, LibraryQuery,
    Picture, Pictures, SetStock, SubmitVersion, TakeDown, WriteVersion,
};
pub use customer::{After, Booked, Payment, PaymentLine, Payments, SignIn, SignedIn, Who};
pub use endpoint::{
    DecideEndpoint, Deliveries, Endpoint, EndpointQuery, EndpointSecrets, Endpoints, FillField, FilledField,
    PartnerMessage, ProposeEndpoint, RotateSecret, WithdrawEndpoint,
};
pub use feedback::{
    Complain, ComplaintRecord, Complaints, HandleComplaint, ModerateRating, RatePayment, RatingRecord, Ratings,
    ReplyComplaint,
};
pub use release::{
    ChangeRollout, DecideReview, Line, Logs, LogsQuery, PublishedProgram, PublishedPrograms, RegisterProgram, Release,
    Releases, Reviews, ReviewsQuery, RolloutState, StopProgram, Stops,
};
pub use session::{DecideSheet, OpenSession, PostEvent, Programs, ProgramsQuery, Session};
