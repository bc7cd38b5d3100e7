using Kedge.Demo;

return args is [var verb, ..] && DemoVerbs.Knows(verb) ? await DemoVerbs.RunAsync(args, TimeProvider.System) : 0;
