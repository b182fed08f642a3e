//! A process that inspects and compiles what nobody has looked at yet limits itself first: compiling may take much
//! longer and need much more than running ever could.

use crate::RuntimeFault;
use rustix::process::{Resource, Rlimit, setrlimit};
use xitai_model::limits::{INSPECTION_BYTES_MAX, INSPECTION_S_MAX};

/// Limits this whole process, for ever. Past the processor time the kernel ends it; past the memory an allocation
/// fails, which ends it too. The parent takes either for a finding.
///
/// Memory is limited as data, not as address space: a sandbox reserves gigabytes of addresses that it can never touch.
pub fn limit_this_process() -> Result<(), RuntimeFault> {
    let limits = [(Resource::Data, INSPECTION_BYTES_MAX), (Resource::Cpu, INSPECTION_S_MAX), (Resource::Core, 0)];
    for (resource, most) in limits {
        let limit = Rlimit { current: Some(most), maximum: Some(most) };
        setrlimit(resource, limit).map_err(|error| RuntimeFault(format!("can't limit {resource:?}: {error}")))?;
    }
    Ok(())
}
