using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Kedge.Vault.Backends.Http;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backends.Rest;

/// <summary>
/// A vault behind restic's REST protocol, version 2 (restic, doc/REST_backend.rst), as rest-server speaks it. Such a server
/// checks that what it stores has the SHA-256 for which it is named, and syncs it before it answers; the config alone it
/// writes in place, so that a torn upload of it leaves a config that is damaged.
/// </summary>
internal sealed class RestBackend : IBackend
{
    private const int LongestUnasked = 1 << 16;
    private const string Version2 = "application/vnd.x.restic.rest.v2";

    private readonly HttpClient client;
    private readonly ConnectionSlots slots;
    private readonly Uri root;
    private readonly TimeSpan stallLimit;
    private readonly TimeProvider time;

    /// <param name="root">Ends with a slash, and has no user and password in it.</param>
    /// <param name="handler">Is disposed with the backend.</param>
    internal RestBackend(
        Uri root, AuthenticationHeaderValue? credentials, HttpMessageHandler handler, string location, int connections, TimeSpan stallLimit, TimeProvider time)
    {
        (this.root, this.stallLimit, this.time) = (root, stallLimit, time);
        Traits = new() { Location = location, Connections = connections, IsRemote = true };
        slots = new(connections);
        client = new(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = credentials;
        client.DefaultRequestHeaders.Accept.ParseAdd(Version2);
        client.DefaultRequestHeaders.UserAgent.ParseAdd("kedge");
    }

    public BackendTraits Traits { get; }

    public Task PrepareAsync(CancellationToken cancellation) =>
        AskAsync("preparing the vault", _ => new(HttpMethod.Post, new Uri(root, "?create=true")) { Content = new ByteArrayContent([]) }, cancellation);

    public async Task SaveAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        // Other servers of this protocol overwrite: what is named for its content comes to no harm by that, the config does.
        if (name.Kind == ObjectKind.Config && await IsThereAsync(name, cancellation))
        {
            throw BackendFaults.AlreadyExists(name, Traits.Location);
        }

        try
        {
            await AskAsync(
                $"saving {name}",
                watch => new(HttpMethod.Post, AddressOf(name))
                {
                    Content = new MeteredContent(content, watch) { Headers = { ContentType = new("application/octet-stream") } },
                    // A server that refuses, and hangs up while we still send, would not be heard.
                    Headers = { ExpectContinue = content.Length > LongestUnasked },
                },
                cancellation);
        }
        catch (VaultException e) when (e.Fault == VaultFault.Denied)
        {
            // rest-server says 403 to both.
            throw await IsThereAsync(name, cancellation) ? BackendFaults.AlreadyExists(name, Traits.Location) : e;
        }
    }

    public async Task ReadAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (buffer.IsEmpty)
        {
            // There is no range of no bytes.
            await BackendFaults.DemandLengthAsync(this, name, offset, cancellation);
            return;
        }

        await AskAsync(
            $"reading {name}",
            _ => new(HttpMethod.Get, AddressOf(name)) { Headers = { Range = new(offset, offset + buffer.Length - 1) } },
            async (answer, watch) =>
            {
                if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    throw BackendFaults.TooShort(name, offset, buffer.Length);
                }

                var headers = answer.Content.Headers;
                var range = answer.StatusCode == HttpStatusCode.PartialContent ? headers.ContentRange : null;
                var body = await answer.Content.ReadAsStreamAsync(watch.Token);
                await new BodyPart(range, headers.ContentLength).FillAsync(body, name, offset, buffer, watch);
                return true;
            },
            cancellation);
    }

    public Task<long> LengthAsync(ObjectName name, CancellationToken cancellation) => AskAsync(
        $"looking for {name}",
        _ => new(HttpMethod.Head, AddressOf(name)),
        (answer, _) => Task.FromResult(answer.Content.Headers.ContentLength
            ?? throw new VaultException(VaultFault.Unavailable, $"{Traits.Location} does not tell the length of {name}")),
        cancellation);

    public async IAsyncEnumerable<StoredObject> ListAsync(ObjectKind kind, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (kind == ObjectKind.Config)
        {
            if (await BackendFaults.TryLengthAsync(this, ObjectName.Config, cancellation) is { } length)
            {
                yield return new(ObjectName.Config, length);
            }

            yield break;
        }

        var doing = $"listing {ObjectName.FolderOf(kind)}";
        // Takes no slot: who lists may wait for other operations before it asks for the next object.
        using var watch = new StallWatch(stallLimit, time, cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(root, ObjectName.FolderOf(kind) + "/"));
        using var answer = await GuardAsync(doing, () => client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, watch.Token), cancellation);
        if (answer.StatusCode == HttpStatusCode.NotFound && !IsRclone(answer))
        {
            yield break;
        }

        ThrowIfFailed(answer, doing);
        var listing = new RestListing(await GuardAsync(doing, () => answer.Content.ReadAsStreamAsync(watch.Token), cancellation));
        while (await GuardAsync(doing, () => listing.NextAsync(watch), cancellation) is { } found)
        {
            watch.Pause();
            foreach (var (id, told) in found)
            {
                cancellation.ThrowIfCancellationRequested();
                var name = new ObjectName(kind, id);
                if ((told ?? await BackendFaults.TryLengthAsync(this, name, cancellation)) is { } length)
                {
                    yield return new(name, length);
                }
            }

            watch.Moved();
        }
    }

    public async Task RemoveAsync(ObjectName name, CancellationToken cancellation)
    {
        // rest-server says that it has removed what was never there.
        await LengthAsync(name, cancellation);
        await AskAsync($"removing {name}", _ => new(HttpMethod.Delete, AddressOf(name)), cancellation);
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        slots.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>rclone means other failures by it, too (so restic found); a folder that rest-server lacks has nothing in it.</summary>
    private static bool IsRclone(HttpResponseMessage answer) =>
        answer.Headers.Server.Any(s => string.Equals(s.Product?.Name, "rclone", StringComparison.OrdinalIgnoreCase));

    private Uri AddressOf(ObjectName name) => new(root, name.ToString());

    private async Task<bool> IsThereAsync(ObjectName name, CancellationToken cancellation) =>
        await BackendFaults.TryLengthAsync(this, name, cancellation) is not null;

    private Task AskAsync(string doing, Func<StallWatch, HttpRequestMessage> ask, CancellationToken cancellation) =>
        AskAsync(doing, ask, (_, _) => Task.FromResult(true), cancellation);

    private Task<T> AskAsync<T>(
        string doing,
        Func<StallWatch, HttpRequestMessage> ask,
        Func<HttpResponseMessage, StallWatch, Task<T>> take,
        CancellationToken cancellation) => GuardAsync(
            doing,
            async () =>
            {
                using var slot = await slots.TakeAsync(cancellation);
                using var watch = new StallWatch(stallLimit, time, cancellation);
                using var request = ask(watch);
                using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, watch.Token);
                if (answer.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    ThrowIfFailed(answer, doing);
                }

                return await take(answer, watch);
            },
            cancellation);

    private async Task<T> GuardAsync<T>(string doing, Func<Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (HttpFaults.IsKnown(e))
        {
            cancellation.ThrowIfCancellationRequested();
            throw HttpFaults.Of(e, $"{doing} at {Traits.Location}");
        }
    }

    private void ThrowIfFailed(HttpResponseMessage answer, string doing)
    {
        if (answer.IsSuccessStatusCode)
        {
            return;
        }

        var fault = HttpFaults.Of(answer.StatusCode);
        var hint = answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => "Give user and password in the location, or in RESTIC_REST_USERNAME and RESTIC_REST_PASSWORD.",
            HttpStatusCode.Forbidden => "Its append-only mode refuses to remove anything but locks.",
            HttpStatusCode.RequestEntityTooLarge => "Its quota is reached (rest-server's --max-size).",
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => "The server points elsewhere: give the address that it means.",
            _ => null,
        };
        throw new VaultException(fault, $"{doing} at {Traits.Location}: the server says {(int)answer.StatusCode} {BackendFaults.OneLine(answer.ReasonPhrase)}", hint);
    }
}
