using Kedge.Vault.Threads;
using Xunit;

namespace Kedge.Vault.Tests.Threads;

public sealed class WorkInTurns
{
    [Fact]
    public void Parts_of_large_things_alternate_and_all_are_done_before_what_else_waits()
    {
        var stack = new WorkStack<string>();
        stack.Push("other");
        stack.PushParts(["a1", "a2", "a3"]);
        stack.PushParts(["b1"]);
        stack.PushUrgent("urgent");
        Assert.Equal("urgent", Take());
        Assert.Equal(["a1", "a2", "a3", "b1"], new[] { Take(), Take(), Take(), Take() }.Order());
        Assert.Equal("other", Take());
        Assert.Null(stack.Take());

        string? Take()
        {
            var item = stack.Take();
            stack.Done();
            return item;
        }
    }

    [Fact]
    public void The_parts_of_one_are_not_done_before_those_of_another_begin()
    {
        var stack = new WorkStack<string>();
        stack.PushParts(["a1", "a2", "a3", "a4"]);
        stack.PushParts(["b1", "b2", "b3", "b4"]);
        var first = Enumerable.Range(0, 4).Select(_ => stack.Take()![0]).ToList();
        Assert.Equal(2, first.Count(c => c == 'a'));
        Assert.Equal(2, first.Count(c => c == 'b'));
    }
}
