using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Kedge.Vault.Backends.Http;

namespace Kedge.Vault.Backends.S3;

/// <summary>
/// Stores one object, in one request or, where it is long, in parts that become an object at the end. The server gets the
/// SHA-256 of each request's body with it (it is part of the signature), and refuses what does not arrive as it was sent.
/// </summary>
internal sealed class S3Upload(IAmazonS3 client, string bucket, string key, ObjectRetention? retention, TimeProvider time)
{
    internal const int LongestInOne = 32 << 20;
    private const int PartLength = 16 << 20;

    /// <param name="onlyNew">Whether the server is to refuse where the name is taken; not every server knows how.</param>
    internal Task StoreAsync(ReadOnlyMemory<byte> content, bool onlyNew, StallWatch watch) =>
        // Ceph's gateway forgets the lock of what comes in parts; one request may have 5 GB.
        content.Length <= LongestInOne || retention is not null ? InOneAsync(content, onlyNew, watch) : InPartsAsync(content, onlyNew, watch);

    private async Task InOneAsync(ReadOnlyMemory<byte> content, bool onlyNew, StallWatch watch)
    {
        await using var body = new MeteredStream(content, watch);
        var request = new PutObjectRequest
        {
            BucketName = bucket,
            Key = key,
            InputStream = body,
            AutoCloseStream = false,
            UseChunkEncoding = false,
            DisableDefaultChecksumValidation = true,
            ContentType = "application/octet-stream",
            IfNoneMatch = onlyNew ? "*" : null,
        };
        if (retention is not null)
        {
            request.ObjectLockMode = retention.Mode == RetentionMode.Compliance ? ObjectLockMode.Compliance : ObjectLockMode.Governance;
            request.ObjectLockRetainUntilDate = time.GetUtcNow().UtcDateTime.AddDays(retention.Days);
            // The API demands it of whoever locks.
            request.MD5Digest = Md5(content.Span);
        }

        await client.PutObjectAsync(request, watch.Token);
    }

    private async Task InPartsAsync(ReadOnlyMemory<byte> content, bool onlyNew, StallWatch watch)
    {
        var begin = new InitiateMultipartUploadRequest { BucketName = bucket, Key = key, ContentType = "application/octet-stream" };
        var upload = await client.InitiateMultipartUploadAsync(begin, watch.Token);
        watch.Moved();
        try
        {
            var parts = new List<PartETag>();
            for (var start = 0; start < content.Length; start += PartLength)
            {
                parts.Add(await PartAsync(upload.UploadId, parts.Count + 1, content.Slice(start, Math.Min(PartLength, content.Length - start)), watch));
            }

            var done = await client.CompleteMultipartUploadAsync(
                new() { BucketName = bucket, Key = key, UploadId = upload.UploadId, PartETags = parts, IfNoneMatch = onlyNew ? "*" : null },
                watch.Token);
            if (string.IsNullOrEmpty(done.Key) && string.IsNullOrEmpty(done.ETag))
            {
                // The API may say 200 before it knows, and then report a failure in the answer's body.
                throw new VaultException(VaultFault.Unavailable, "the server did not complete the upload");
            }
        }
        catch
        {
            await AbandonAsync(upload.UploadId);
            throw;
        }
    }

    private async Task<PartETag> PartAsync(string upload, int number, ReadOnlyMemory<byte> content, StallWatch watch)
    {
        await using var body = new MeteredStream(content, watch);
        var request = new UploadPartRequest
        {
            BucketName = bucket,
            Key = key,
            UploadId = upload,
            PartNumber = number,
            PartSize = content.Length,
            InputStream = body,
            UseChunkEncoding = false,
            DisableDefaultChecksumValidation = true,
        };
        var answer = await client.UploadPartAsync(request, watch.Token);
        watch.Moved();
        return new(number, answer.ETag);
    }

    /// <summary>
    /// Best effort: the failure that brought us here is the one to report, the right to abort may be lacking, and buckets
    /// have rules for uploads that were left unfinished.
    /// </summary>
    private async Task AbandonAsync(string upload)
    {
        using var watch = new StallWatch(TimeSpan.FromSeconds(10), time, CancellationToken.None);
        try
        {
            await client.AbortMultipartUploadAsync(new() { BucketName = bucket, Key = key, UploadId = upload }, watch.Token);
        }
        catch (Exception e) when (S3Faults.IsKnown(e))
        {
            // As said above.
        }
    }

    [SuppressMessage("Security", "CA5351", Justification = "The API's checksum against damage on the way; nothing is trusted because of it.")]
    private static string Md5(ReadOnlySpan<byte> content) => Convert.ToBase64String(MD5.HashData(content));
}
