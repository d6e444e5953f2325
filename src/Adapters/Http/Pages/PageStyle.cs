namespace GeoWps.Adapters.Http.Pages;

/// <summary>The style sheet of all pages; light and dark, wide and narrow.</summary>
internal static class PageStyle
{
    public const string Text =
        """
        :root { --ink: #1c2b33; --soft: #51636c; --line: #d8e1e5; --paper: #fbfcfc; --tint: #eef4f6; --link: #0a627d; --good: #1d6b3a; --bad: #a3271d }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e3eaed; --soft: #9db0b9; --line: #2b3a41; --paper: #12191d; --tint: #1b252a; --link: #74c9e3; --good: #7fd39b; --bad: #f19a90 }
        }
        * { box-sizing: border-box }
        body { margin: 0 auto; max-width: 68rem; padding: 0 1.2rem 3rem; font: 1rem/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
        header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .2rem 2rem; padding: 1rem 0; border-bottom: 1px solid var(--line); color: var(--soft); overflow-wrap: anywhere }
        header nav + nav a { margin-left: .9rem } header nav + nav a:first-child { margin-left: 0 }
        h1 { font-size: 1.7rem; line-height: 1.25; margin: 1.6rem 0 .4rem; overflow-wrap: anywhere } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem }
        a { color: var(--link) } :focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
        p { max-width: 46rem; margin: .5rem 0 } .soft { color: var(--soft) }
        code, pre { font: .92em/1.5 ui-monospace, monospace; overflow-wrap: anywhere }
        pre { background: var(--tint); padding: .8rem 1rem; border-radius: .4rem; overflow-x: auto; white-space: pre-wrap }
        .wide { overflow-x: auto } table { border-collapse: collapse; width: 100% }
        th, td { text-align: left; vertical-align: top; padding: .5rem 1rem .5rem 0; border-bottom: 1px solid var(--line) } thead th { color: var(--soft); font-weight: 500; white-space: nowrap } tbody th code { font-weight: 600; overflow-wrap: normal }
        small { display: block; color: var(--soft); overflow-wrap: anywhere } .narrow { display: none } td small { min-width: 11rem } strong a { font-weight: 600 }
        .rows { list-style: none; margin: 0; padding: 0 } .rows li { border-top: 1px solid var(--line); padding: .6rem 0 } .rows p { margin: .15rem 0 } .rows code { color: var(--soft); margin-left: .4rem }
        .line { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; padding: 0 }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.2rem; margin: 1rem 0 } dt { color: var(--soft) } dd { margin: 0; overflow-wrap: anywhere }
        form { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; margin: 1rem 0; max-width: 46rem } label { color: var(--soft) } form[role=search] label { flex-basis: 100% } .field { display: flex; align-items: center; gap: .5rem } ::placeholder { color: var(--soft); opacity: 1 } input { flex: 1 1 12rem; min-width: 0; max-width: 26rem }
        input, select, button { font: inherit; color: inherit; background: var(--paper); padding: .4rem .7rem; border: 1px solid var(--soft); border-radius: .35rem } button { background: var(--tint); cursor: pointer }
        progress { width: 100%; max-width: 20rem; height: 1rem; vertical-align: middle; accent-color: var(--link) } .successful { color: var(--good) } .failed, .dismissed { color: var(--bad) }
        .successful, .failed, .dismissed, .running, .accepted { font-weight: 600 }
        .drop { border: 2px dashed var(--soft); border-radius: .5rem; padding: 1.2rem; margin: 1rem 0; background: var(--tint) } .drop.over { border-color: var(--link) } .drop input { border: 0; background: none; max-width: 100% } .acts button { padding: .15rem .5rem } [role=status]:empty, .sum:empty { display: none } [role=status]:not(.soft) { color: var(--bad) }
        .names td { white-space: nowrap } .names td:first-child { width: 100%; min-width: 12rem } .names td:first-child, .names td:nth-child(2) { white-space: normal; overflow-wrap: anywhere } .names td:nth-child(2) { min-width: 12.5rem } .names td:last-child { padding-right: 0 }
        .map { margin: 1rem 0 } .map div { display: flex } .map img { display: block; flex: 0 1 auto; min-width: 0; height: auto; background: var(--tint) }
        footer { margin-top: 2.5rem; border-top: 1px solid var(--line) } footer ul { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; list-style: none; padding: 0 }
        @media (max-width: 60rem) { .names td { white-space: normal } .names td:first-child, .names td:nth-child(2) { min-width: 8rem } }
        @media (max-width: 40rem) {
          dl { grid-template-columns: 1fr; gap: .1rem } dd { margin-bottom: .5rem }
          table.stack, .stack tbody, .stack tr, .stack td, .stack tbody th { display: block } .stack thead { position: absolute; left: -99rem } .stack tr { border-bottom: 1px solid var(--line); padding: .5rem 0 }
          .stack td, .stack tbody th { border: 0; padding: .1rem 0 } .stack td:empty { display: none } .names td:first-child { width: auto } .narrow { display: inline; color: var(--soft) }
        }
        """;
}
