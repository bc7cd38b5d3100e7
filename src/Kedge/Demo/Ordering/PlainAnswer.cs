using System.Text;
using Microsoft.AspNetCore.Http;

namespace Kedge.Demo.Ordering;

/// <summary>An answer in one line of text.</summary>
internal static class PlainAnswer
{
    public static Task WriteAsync(HttpContext context, int status, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text + "\n");
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }
}
