using System.Net;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;
using Kedge.CommandLine.Vaults.Telling;
using Kedge.Vault;
using Kedge.Vault.Backends;
using Kedge.Vault.Locking;

namespace Kedge.CommandLine.Vaults.Opening;

/// <summary>One command about a vault, as it was given.</summary>
internal sealed class VaultCall : IDisposable
{
    private readonly Invocation call;
    private readonly VaultOptions options;
    private LockHolder? holder;
    private Recall? recall;

    public VaultCall(Invocation call, VaultOptions options)
    {
        (this.call, this.options) = (call, options);
        Output = new(call.Host, call.Terminal, call.Get(options.Quiet) ? -1 : call.Get(options.Verbose));
    }

    public VaultOutput Output { get; }

    /// <summary>Snapshots that could not be read, and that may have been meant.</summary>
    public int UnreadSnapshots { get; set; }

    public CommandHost Host => call.Host;

    public DateTimeOffset Now => call.Now;

    public TimeZoneInfo Zone => call.Zone;

    /// <summary>As whom locks and snapshots know this process.</summary>
    public LockHolder Holder => holder ??= MakeHolder();

    /// <summary>What this machine remembers of the vault, once that is open.</summary>
    public Recall Memory => recall ?? throw new InvalidOperationException("no vault is open");

    public T? Get<T>(System.CommandLine.Option<T> option) => call.Get(option);

    public T? Get<T>(System.CommandLine.Argument<T> argument) => call.Get(argument);

    /// <summary>Where the vault is, as options and environment say.</summary>
    public VaultLocation Location() => VaultLocation.Parse(
        Choose(call.Get(options.Repo), call.Get(options.RepositoryFile), "RESTIC_")
        ?? throw VerbException.Usage("no vault is named", "name it with --repo LOCATION, or in the variable KEDGE_VAULT_REPO"));

    /// <summary>Opens the storage; nothing is read yet.</summary>
    public IBackend OpenStorage() => OpenStorage(Location());

    public char[] Password(CancellationToken cancellation) =>
        new VaultPassword(Host, "RESTIC_").Read(call.Get(options.PasswordFile), call.Get(options.PasswordCommand), "password of the vault:", cancellation);

    /// <summary>The password of a vault that is being made.</summary>
    public char[] NewPassword(CancellationToken cancellation) =>
        new VaultPassword(Host, "RESTIC_").ReadNew(call.Get(options.PasswordFile), call.Get(options.PasswordCommand), cancellation);

    /// <summary>Opens the vault with its password.</summary>
    /// <param name="dryRun">Whether nothing may be written into it.</param>
    public async Task<VaultRepository> OpenAsync(bool dryRun, CancellationToken cancellation)
    {
        var storage = OpenStorage();
        (var vault, recall) = await OpenAsync(dryRun ? new DryRunBackend(storage) : storage, Password(cancellation), cancellation);
        return vault;
    }

    /// <summary>The same for any vault; the password is wiped.</summary>
    public async Task<(VaultRepository Vault, Recall Recall)> OpenAsync(IBackend storage, char[] password, CancellationToken cancellation)
    {
        VaultRepository? vault = null;
        try
        {
            vault = await VaultRepository.OpenAsync(storage, password, Host.Time, cancellation);
            return (vault, await Recall.BeginAsync(vault, Output, call.Get(options.AcceptRollback), cancellation));
        }
        catch
        {
            await (vault?.DisposeAsync() ?? storage.DisposeAsync());
            throw;
        }
        finally
        {
            Array.Clear(password);
        }
    }

    public IBackend OpenStorage(VaultLocation location)
    {
        var extended = StorageOptions.Parse(call.Get(options.Extended) ?? []);
        return location.Open(
            extended with
            {
                CaCertificateFile = (call.Get(options.CaCertificate) ?? NotEmpty("RESTIC_CACERT")) is { } file ? Path.GetFullPath(file, Host.Folder) : null,
                UploadLimit = call.Get(options.LimitUpload),
                DownloadLimit = call.Get(options.LimitDownload),
                Environment = Host.Environment,
                OnRetry = TellRetry,
            },
            Host.Time);
    }

    /// <summary>How long to wait for who has locked the vault.</summary>
    public TimeSpan Patience => call.Get(options.RetryLock);

    /// <summary>Begins a lock, as far as one is wanted.</summary>
    /// <returns>Null with <c>--no-lock</c>.</returns>
    public async Task<VaultLock?> BeginLockAsync(VaultRepository vault, bool exclusive, CancellationToken cancellation) =>
        call.Get(options.NoLock) ? null : await VaultLock.BeginAsync(vault, Holder, exclusive, Patience, cancellation);

    /// <summary>Takes a lock, as far as one is wanted.</summary>
    /// <returns>Null with <c>--no-lock</c>.</returns>
    public async Task<VaultLock?> LockAsync(VaultRepository vault, bool exclusive, CancellationToken cancellation) =>
        call.Get(options.NoLock) ? null : await VaultLock.AcquireAsync(vault, Holder, exclusive, Patience, cancellation);

    /// <summary>A location from an option, a file, or the environment; null where nobody names one.</summary>
    /// <param name="prefix">Of restic's variables.</param>
    public string? Choose(string? given, string? file, string prefix)
    {
        if (given is not null && file is not null)
        {
            throw VerbException.Usage("the vault is named twice, by an option and by a file", "give one of the two");
        }

        var ours = prefix == "RESTIC_" ? NotEmpty("KEDGE_VAULT_REPO") : null;
        if ((given ?? (file is null ? ours ?? NotEmpty(prefix + "REPOSITORY") : null)) is { } text)
        {
            return text;
        }

        if ((file ?? NotEmpty(prefix + "REPOSITORY_FILE")) is not { } path)
        {
            return null;
        }

        try
        {
            return File.ReadAllText(Path.GetFullPath(path, Host.Folder)).Trim();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new VerbException(ExitCodes.Failed, $"the file {path}, which is to name the vault, cannot be read", "Name a file that you may read.");
        }
    }

    public void Dispose() => Output.Dispose();

    private static LockHolder MakeHolder()
    {
        var (user, group) = ProcessOwner.Read();
        // .NET's name of the machine ends at its first dot; restic's does not, and both tell each other's locks and snapshots by it.
        return new(Dns.GetHostName(), Environment.UserName, Environment.ProcessId, user, group);
    }

    private void TellRetry(BackendRetry retry) => Output.Remark(
        Styled.Warning($"{retry.Operation}{(retry.Object is { } name ? $" of {name}" : "")}: {retry.Failure.Message}; ") + $"trying again in {Figures.Time(retry.Wait)}");

    private string? NotEmpty(string name) => Host.Environment(name) is { Length: > 0 } text ? text : null;
}
