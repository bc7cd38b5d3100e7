using Kedge.Drivers;
using Kedge.Plan.Model;

namespace Kedge.Protect;

/// <summary>
/// How far the active copy of each data store had got when it was last seen: kept in the store as latest values, so
/// that it is known after the site is lost.
/// </summary>
public interface IWatermarkBoard
{
    Task KeepAsync(Watermark watermark, CancellationToken cancellation);

    /// <summary>The newest of the copy at a site; null where none was ever written.</summary>
    Task<Watermark?> FindAsync(InstanceId instance, CancellationToken cancellation);
}
