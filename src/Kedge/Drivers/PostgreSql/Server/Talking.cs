namespace Kedge.Drivers.PostgreSql.Server;

/// <summary>For looks that need a server to answer.</summary>
internal static class Talking
{
    /// <summary>Where no answer can be had now, the effect cannot be seen, which is not to say that it cannot be had.</summary>
    public static async Task<Judgement> OrNotYetAsync(Func<Task<Judgement>> look)
    {
        try
        {
            return await look();
        }
        catch (DriverException e)
        {
            return Judgement.NotYet(e.Message);
        }
    }
}
