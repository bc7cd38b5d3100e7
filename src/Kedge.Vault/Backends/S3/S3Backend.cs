using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Kedge.Vault.Backends.Http;
using Kedge.Vault.Format;

namespace Kedge.Vault.Backends.S3;

/// <summary>
/// A vault in a bucket of S3, or of a server that speaks like it, laid out as in a folder. What it stores is new
/// (<c>If-None-Match: *</c>); a server that takes no notice of that can only overwrite an object by the same one, because
/// all but the config are named for their content, and for the config it is asked first.
/// </summary>
internal sealed class S3Backend : IBackend, IRemains
{
    private readonly AmazonS3Client client;
    private readonly HttpClient http;
    private readonly ConnectionSlots slots;
    private readonly string bucket;
    private readonly string prefix;
    private readonly ObjectRetention? retention;
    private readonly TimeSpan stallLimit;
    private readonly TimeProvider time;
    private readonly string? bucketRegion;
    private volatile bool knowsConditions = true;

    /// <param name="prefix">Without slashes around it; may be empty.</param>
    internal S3Backend(Uri endpoint, string bucket, string prefix, string location, int connections, BackendOptions options, TimeProvider time)
    {
        (this.bucket, this.time, retention) = (bucket, time, options.Retention);
        stallLimit = HttpTransport.StallLimitOf(options, connections);
        this.prefix = prefix.Length == 0 ? "" : prefix + "/";
        Traits = new() { Location = location, Connections = connections, IsRemote = true };
        bucketRegion = S3Credentials.BucketRegionOf(endpoint, options.Environment);
        slots = new(connections);
        (client, http) = S3Connection.Open(endpoint, options, time);
    }

    public BackendTraits Traits { get; }

    /// <summary>Makes the bucket where there is none.</summary>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        try
        {
            await AskAsync("looking for the bucket", t => client.ListObjectsV2Async(new() { BucketName = bucket, Prefix = prefix, MaxKeys = 1 }, t), cancellation);
        }
        catch (VaultException e) when (e.Fault == VaultFault.NotFound)
        {
            var request = new PutBucketRequest
            {
                BucketName = bucket,
                ObjectLockEnabledForBucket = retention is not null,
                // Left to itself the SDK names a region to servers that know none.
                UseClientRegion = false,
                BucketRegionName = bucketRegion,
            };
            await AskAsync("making the bucket", t => client.PutBucketAsync(request, t), cancellation);
        }
        catch (VaultException e) when (e.Fault == VaultFault.Denied)
        {
            // Who may only store objects need not see the bucket.
        }
    }

    public async Task SaveAsync(ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        if ((name.Kind == ObjectKind.Config || (!knowsConditions && name.Kind != ObjectKind.Pack))
            && await BackendFaults.TryLengthAsync(this, name, cancellation) is not null)
        {
            throw BackendFaults.AlreadyExists(name, Traits.Location);
        }

        var upload = new S3Upload(client, bucket, KeyOf(name), name.Kind == ObjectKind.Lock ? null : retention, time);
        await GuardAsync(
            $"saving {name}",
            async () =>
            {
                using var slot = await slots.TakeAsync(cancellation);
                using var watch = new StallWatch(stallLimit, time, cancellation);
                try
                {
                    await upload.StoreAsync(content, knowsConditions, watch);
                }
                catch (AmazonS3Exception e) when (knowsConditions && S3Faults.IsNotImplemented(e))
                {
                    knowsConditions = false;
                    await upload.StoreAsync(content, onlyNew: false, watch);
                }

                return true;
            },
            cancellation);
    }

    public async Task ReadAsync(ObjectName name, long offset, Memory<byte> buffer, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (buffer.IsEmpty)
        {
            await BackendFaults.DemandLengthAsync(this, name, offset, cancellation);
            return;
        }

        await GuardAsync(
            $"reading {name}",
            async () =>
            {
                using var slot = await slots.TakeAsync(cancellation);
                using var watch = new StallWatch(stallLimit, time, cancellation);
                try
                {
                    var request = new GetObjectRequest { BucketName = bucket, Key = KeyOf(name), ByteRange = new(offset, offset + buffer.Length - 1) };
                    using var answer = await client.GetObjectAsync(request, watch.Token);
                    var range = answer.HttpStatusCode == HttpStatusCode.PartialContent ? RangeOf(answer) : null;
                    await new BodyPart(range, answer.ContentLength).FillAsync(answer.ResponseStream, name, offset, buffer, watch);
                    return true;
                }
                catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    throw BackendFaults.TooShort(name, offset, buffer.Length);
                }
            },
            cancellation);
    }

    public async Task<long> LengthAsync(ObjectName name, CancellationToken cancellation) =>
        (await AskAsync($"looking for {name}", t => client.GetObjectMetadataAsync(bucket, KeyOf(name), t), cancellation)).ContentLength;

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

        var folder = ObjectName.FolderOf(kind);
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = $"{prefix}{folder}/" };
        do
        {
            var page = await AskAsync($"listing {folder}", t => client.ListObjectsV2Async(request, t), cancellation);
            foreach (var found in page.S3Objects ?? [])
            {
                cancellation.ThrowIfCancellationRequested();
                if (NameOf(kind, found.Key) is { } name && found.Size is { } length)
                {
                    yield return new(name, length);
                }
            }

            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    public async Task RemoveAsync(ObjectName name, CancellationToken cancellation)
    {
        // S3 says that it has removed what was never there.
        await LengthAsync(name, cancellation);
        await AskAsync($"removing {name}", t => client.DeleteObjectAsync(bucket, KeyOf(name), t), cancellation);
    }

    /// <summary>Uploads in parts that nobody completed.</summary>
    public async Task<int> ClearRemainsAsync(TimeSpan olderThan, CancellationToken cancellation)
    {
        var (count, before) = (0, time.GetUtcNow() - olderThan);
        var request = new ListMultipartUploadsRequest { BucketName = bucket, Prefix = prefix };
        while (true)
        {
            var page = await AskAsync("looking for unfinished uploads", t => client.ListMultipartUploadsAsync(request, t), cancellation);
            foreach (var upload in (page.MultipartUploads ?? []).Where(u => IsOurs(u.Key) && u.Initiated?.ToUniversalTime() < before.UtcDateTime))
            {
                await AskAsync("removing an unfinished upload", t => client.AbortMultipartUploadAsync(bucket, upload.Key, upload.UploadId, t), cancellation);
                count++;
            }

            if (page.IsTruncated != true)
            {
                return count;
            }

            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        http.Dispose();
        slots.Dispose();
        return ValueTask.CompletedTask;
    }

    private string KeyOf(ObjectName name) => prefix + StorageLayout.PathOf(name);

    private ObjectName? NameOf(ObjectKind kind, string key) =>
        ObjectId.TryParse(key.AsSpan(key.LastIndexOf('/') + 1), out var id) && new ObjectName(kind, id) is var name && KeyOf(name) == key ? name : null;

    /// <summary>The bucket may be shared with others.</summary>
    private bool IsOurs(string key) => key == KeyOf(ObjectName.Config) || StorageLayout.KindsWithFolder.Any(kind => NameOf(kind, key) is not null);

    private static ContentRangeHeaderValue? RangeOf(GetObjectResponse answer) =>
        ContentRangeHeaderValue.TryParse(answer.ContentRange, out var range) ? range : new(0);

    private Task<T> AskAsync<T>(string doing, Func<CancellationToken, Task<T>> ask, CancellationToken cancellation) => GuardAsync(
        doing,
        async () =>
        {
            using var slot = await slots.TakeAsync(cancellation);
            using var watch = new StallWatch(stallLimit, time, cancellation);
            return await ask(watch.Token);
        },
        cancellation);

    private async Task<T> GuardAsync<T>(string doing, Func<Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (S3Faults.IsKnown(e))
        {
            cancellation.ThrowIfCancellationRequested();
            throw S3Faults.Of(e, $"{doing} at {Traits.Location}");
        }
    }
}
