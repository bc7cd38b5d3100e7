using Kedge.Drivers.Programs;
using Xunit;

namespace Kedge.Tests.Drivers.Programs;

/// <summary>Waits for what must come about, with a deadline that only a defect reaches.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task<T> SomeAsync<T>(Func<T?> look, string what)
        where T : class
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (look() is { } found)
            {
                return found;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(began) < Deadline, $"never seen: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public static Task HoldsAsync(Func<bool> condition, string what) =>
        SomeAsync(() => condition() ? "yes" : null, what);

    public static Task DiesAsync(int pid) =>
        HoldsAsync(() => ProcessStat.Read(pid) is not { IsDead: false }, $"process {pid} dead");
}
