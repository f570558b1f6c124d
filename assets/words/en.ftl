# What the desk says by itself: messages, remedies, states. One sentence has no full stop.

done-approve = { $n ->
    [1] Approved { $author }’s comment
   *[other] Approved { $n } comments
}
done-nothing = Nothing to decide: it stands as wanted already, or it is gone
done-but-unread = { $done }. Not the open comment: its words are not on screen yet
done-keep = Kept { $author }’s comment and dismissed its reports
done-reject = { $n ->
    [1] Rejected { $author }’s comment
   *[other] Rejected { $n } comments
}
done-spam = { $n ->
    [1] Marked { $author }’s comment as spam
   *[other] Marked { $n } comments as spam
}
done-restore = { $n ->
    [1] Put { $author }’s comment back into the queue
   *[other] Put { $n } comments back into the queue
}
done-park = { $n ->
    [1] Parked { $author }’s comment on this desk
   *[other] Parked { $n } comments on this desk
}
done-note = Noted on { $author }’s comment, on this desk only
done-unnote = Took the note off { $author }’s comment
note-not-written = The note was not kept; it is still in its field. { $why }
done-unpark = { $n ->
    [1] Took { $author }’s comment back from parked
   *[other] Took { $n } comments back from parked
}
undone-withdrawn = { $what ->
    [park] Taken back: { $author }’s comment is where it was
    [note] Taken back: the note on { $author }’s comment is as it was
    [mixed] Taken back before anything was sent: { $n } decisions
    [keep] Taken back: { $n ->
        [1] the conflict about { $author }’s comment is asked again
       *[other] { $n } conflicts are asked again
    }
   *[other] Taken back before anything was sent: { $n ->
        [1] { $what ->
            [approve] approving
            [reject] rejecting
            [spam] marking as spam
           *[restore] putting back
        } { $author }’s comment
       *[other] { $n } decisions to { $what ->
            [approve] approve
            [reject] reject
            [spam] mark as spam
           *[restore] put back
        }
    }
}
undone-nothing = Nothing to take back: no decision of yours stands on the site
undone-inverse = { $n ->
    [1] Taking back { $what ->
        [approve] the approval
        [reject] the rejection
        [spam] the spam mark
       *[restore] the return
    } of { $author }’s comment on its site. Mail it has sent and the time it stood there cannot be called back
   *[other] Taking back { $n } decisions { $what ->
        [mixed] { "" }
        [approve] to approve{ " " }
        [reject] to reject{ " " }
        [spam] to mark as spam{ " " }
       *[restore] to put back{ " " }
    }on their sites. Mail they have sent and the time it stood there cannot be called back
}
undone-stuck = { $stuck ->
    [1] One decision cannot be called back from its site
   *[other] { $stuck } decisions cannot be called back from their site
}
redone = { $what ->
    [note] Done again: the note on { $author }’s comment
    [keep] Kept theirs again: nothing is sent
   *[other] { $n ->
        [1] Done again: { $author }’s comment
       *[other] Done again: { $n } comments
    }
}
answered-mine = { $n ->
    [1] One decision goes out in spite of its conflict
   *[other] { $n } decisions go out in spite of their conflicts
}
answered-theirs = { $n ->
    [1] Kept theirs for one comment: nothing is sent
   *[other] Kept theirs for { $n } comments: nothing is sent
}
answered-moot = { $n ->
    [1] One stands as you wanted by now
   *[other] { $n } stand as you wanted by now
}
answered-left = { $n ->
    [1] One stays in conflict: it is not as it was shown, or a later decision waits behind it
   *[other] { $n } stay in conflict: they are not as they were shown, or later decisions wait behind them
}
held-again = { $n ->
    [1] A decision from { $when } goes out in { $secs } s
   *[other] { $n } decisions from { $when } go out in { $secs } s
}
day-today = today
day-monday = Monday
day-tuesday = Tuesday
day-wednesday = Wednesday
day-thursday = Thursday
day-friday = Friday
day-saturday = Saturday
day-sunday = Sunday
undo-nothing = Nothing to undo
redo-nothing = Nothing to redo
decide-not-written = The decision was not written down and the comment is back in the queue: { $why }

connected = { $site } is on the desk
signed-in = Signed in to { $site } again
demo-failed = The demo site did not start: { $why }
demo-none = This build has no demo site

clock-ahead = The clock of { $site } is { $off } ahead of this computer’s, so ages shown are wrong. Set the clock that is off
clock-behind = The clock of { $site } is { $off } behind this computer’s, so ages shown are wrong. Set the clock that is off

secret-environment = Secret from the environment
secret-memory = Secret in memory until you quit
secret-missing = No secret was found. Sign in again, or set { $variable }

notice-unreachable = The site cannot be reached: { $why }. Check the address and your connection, then try again
notice-unanswered = The site gave no usable answer: { $why }. Try again in a moment; if it stays so, tell whoever runs it
notice-unauthorized = The site did not let you in: { $why }. Check the name and the secret; on WordPress it is an application password, not the one you log in with
notice-forbidden = This account may not moderate there: { $why }. Ask the site for the role of editor or moderator
notice-untrusted = Nothing was sent, for it is not sure that this is the site: { $why }. { $kind ->
    [expired] Whoever runs the site has to renew it. If other sites say the same, this computer’s clock is wrong
    [early] Set this computer’s clock, or ask whoever runs the site
    [stranger] Whoever runs the site can get a recognised one. If your newsroom signs its own, add its authority to those this computer trusts
    [other-name] Check the address, or ask whoever runs the site for the right one
   *[other] Whoever runs the site has to replace it
}
notice-throttled = The site asks for fewer requests. Try again in { $wait }
wait-secs = { $n } s
wait-mins = { $n } min
wait-hours = { $n } h
notice-refused = The site refused: { $why }
notice-failing = The site itself has a problem: { $why }. Try again later, or tell whoever runs it
notice-malformed = That address does not answer as expected: { $why }. Check that it is the site’s own address

trouble-in-use = Another Greenroom (process { $process }) has this desk open. Close it, or choose another folder with --data
trouble-known = This account is on the desk already, as { $slug }. Sign in again from the side pane, or remove it first: greenroom sites remove { $slug }
trouble-no-desk = There is no desk in { $dir } yet. Add a site first with: greenroom sites add
trouble-folder = The desk’s folder cannot be used: { $why } ({ $dir }). Choose another one with --data
trouble-read-only = The desk’s folder may be read and not written: { $dir }. Allow yourself to write there, or choose another one with --data. What is on the desk can be read with greenroom list
trouble-unmigrated = This desk was written by an older Greenroom and could not be brought up to date: { $why }. Nothing in it was changed, and the older Greenroom still opens it. A copy of it is { $copy }
trouble-full = The disk is full. Free some space: everything on the desk is kept, and it goes on by itself
trouble-newer = This desk was last used by a newer Greenroom (schema { $file }, this one knows { $ours }). Update, or choose another folder with --data. Nothing was changed
trouble-corrupt = The desk’s file is damaged: { $why }. Open the desk, or run greenroom pull: the file is then set aside, never deleted, and every open decision is recovered from the desk’s own copy
damage-met = The desk’s file is damaged: { $why }. Every open decision is in a copy beside it. Set the file aside and go on: it is not deleted
mending = The damaged file is set aside, and a new one begun…
mended-aside = The desk’s file was damaged, and a new one was begun. The old one is { $file }: nothing in it was deleted, and readers’ words and addresses are still in it. { $decisions ->
    [0] No decision was recovered as open
    [1] One open decision was recovered; its comment is looked at before anything is sent
   *[other] { $decisions } open decisions were recovered; their comments are looked at before anything is sent
}{ $doubtful ->
    [0] {""}
    [1] . One more was just being made or taken back: it waits in the outbox for your word
   *[other] . { $doubtful } more were just being made or taken back: they wait in the outbox for your word
}{ $lost ->
    [0] {""}
   *[other] . Some could not be recovered (parts of the copy that are damaged: { $lost }). Look on your sites for what you decided last
}{ $notes ->
    [0] {""}
    [1] . One private note was carried over
   *[other] . { $notes } private notes were carried over
}
mended-behind = The desk’s file had lost its newest changes, as after a power cut. { $decisions ->
    [0] No open decision was among them
    [1] One open decision was recovered from the desk’s own copy; its comment is looked at before anything is sent
   *[other] { $decisions } open decisions were recovered from the desk’s own copy; their comments are looked at before anything is sent
}{ $lost ->
    [0] {""}
   *[other] . Some could not be recovered (parts of the copy that are damaged: { $lost }). Look on your sites for what you decided last
}
trouble-closed = The desk is closing
trouble-panicked = A fault of the desk itself kept it from being written. What is on disk stays there; see greenroom doctor
desk-fault = { $job ->
    [words] The words of a comment could not be read
    [article] The article could not be read
    [passage] The passage that a comment speaks about could not be looked for
    [queue] The list of comments could not be read
    [soften] The list of words to soften could not be read
    [connect] The site was not connected
    [secret] A site’s secret could not be looked for
    [sign-in] Signing in came to nothing
    [remove] The site was not removed
    [desk] The other desk could not be opened
    [site] Something that was asked of a site came to nothing
    [site-again] Work with a site broke off and began again
    [site-stopped] Work with a site broke off; ask the site again to begin anew
   *[other] Something was not done
}: a fault of the desk itself. Every decision is on disk
trouble-other = The desk’s own file gave an error: { $why }

outbox-conflicted = Somebody else was first, or it changed since you read it
outbox-gone = The site has this comment no more
outbox-unreadable = The site now sends this comment in a form that cannot be read, so nothing was sent for it. Look at it on the site
outbox-late = Either a request of yours from before arrived late, or a colleague decided so
outbox-forbidden = { $why }. Ask the site for the role of editor or moderator, then try again
outbox-refused = { $why }. Look at the comment on the site, then try again
outbox-tired = It did not work after several tries. { $why }
outbox-missing = The site does not show this comment now. It is looked for again
outbox-recovered = Recovered after the desk’s file was damaged. Its comment is looked at before it is sent
outbox-doubtful = Whether this was still wanted is not known: it was just being made or taken back when the desk’s file was damaged. Try again sends it; deciding anew on the comment replaces it
outbox-vanished = The site has not shown this comment for some minutes. Look for it on the site, then try again
outbox-signed-out = Waits until you sign in again
outbox-offline = { $why }. It goes out as soon as the site answers
outbox-untrusted = { $why }. It goes out as soon as the site can be trusted
outbox-throttled = The site asked for fewer requests. It goes out when that time is over
outbox-again = { $why }. It will be tried again
outbox-behind = Waits for the decision before it

status-no-site = No site connected
status-starting = { $site } is being reached
status-pulling = { $site } · { $here } of { $total } comments here
status-pulling-some = { $site } · { $here } comments here
status-synced-secs = { $site } checked { $secs } s ago
status-synced-mins = { $site } checked { $mins } min ago
status-offline = { $site } · { $why }
status-resting = { $site } · It asks for fewer requests
status-signed-out = { $site } needs you to sign in again

comment-empty = (no words)
author-nameless = No name
article-untitled = Article { $key }
article-unavailable = This site does not give its articles
withheld-protected = This article is behind a password on its site, so its text is not shown here
withheld-deleted = This article was deleted on its site
withheld-untold = The site does not give this article’s text
article-failed = The article could not be fetched ({ $why })
record-nobody = The site gives nothing to recognise this author by
record-unavailable = This site keeps no records of authors
away-signed-out = it needs you to sign in again
away-resting = the site asks for fewer requests
record-failed = The record could not be fetched ({ $why })

badge-unreadable = Unreadable
    .why = The site sent this comment in a form that could not be read; its source is shown
badge-first = First comment
    .why = Nothing by this author was published here before
badge-reported = { $n ->
    [1] 1 report
   *[other] { $n } reports
}
    .why = { $n ->
    [1] One reader reported it
   *[other] { $n } readers reported it
}
badge-held = Held
    .why = The site held it: { $detail }
badge-links = { $n ->
    [1] 1 link
   *[other] { $n } links
}
    .why = { $n ->
    [1] It contains a link
   *[other] It contains { $n } links
}
badge-edited = Edited
    .why = Its author changed it after it was sent
badge-pingback = Pingback
    .why = Another site says that it links to this article
badge-noted = Note
    .why = You wrote something down about it; only this desk knows
badge-hides = Hidden characters
badge-stacked = Piled marks
badge-lookalike = Lookalike letters
badge-deceives = Deceptive link
badge-scheme = Link taken out
badge-unchecked = Not all checked

mark-hidden = { $place ->
    [name] The name “{ $word }” hides { $what }
    [address] The author’s address “{ $word }” hides { $what }
   *[body] “{ $word }” hides { $what }
}
mark-stacked = { $place ->
    [name] The name “{ $word }” piles marks on one letter
   *[body] “{ $word }” piles marks on one letter
}
mark-lookalike = { $place ->
    [name] The name “{ $word }” is written with { $script } letters that look like { $like } ones
    [address] The author’s address “{ $word }” is written with { $script } letters that look like { $like } ones
   *[body] “{ $word }” is written with { $script } letters that look like { $like } ones
}
mark-symbols = { $place ->
    [name] The name “{ $word }” is written with symbols that look like { $like } letters
   *[body] “{ $word }” is written with symbols that look like { $like } letters
}
mark-mixed = { $place ->
    [name] The name “{ $word }” mixes { $script } and { $like } letters
    [address] The author’s address “{ $word }” mixes { $script } and { $like } letters
   *[body] “{ $word }” mixes { $script } and { $like } letters
}
mark-elsewhere = The words of a link say “{ $word }”, and it leads to { $host }
mark-named = { $place ->
    [address] The author’s address begins with “{ $word }”, and it leads to { $host }
   *[body] An address begins with “{ $word }”, and it leads to { $host }
}
mark-scheme = { $place ->
    [address] The author’s address “{ $word }” cannot be followed
   *[body] A link was taken out: “{ $word }” { $scheme ->
        [javascript] would run a program
        [data] brings its own page
        [file] opens a file of this machine
       *[other] is no address of the web
    }
}
mark-unchecked = Limits were reached, so not all of it was checked. Its source shows the rest
mark-more = { $why }. { $more }
mark-others = { $n ->
    [1] 1 more like it
   *[other] { $n } more like it
}
# Labels of hidden characters, in words
mark-character = { $label ->
    [RLO] a character that turns words from right to left
    [LRO] a character that turns words from left to right
    [RLE] a character that turns the direction of words
    [LRE] a character that turns the direction of words
    [PDF] a character that ends a change of direction
    [LRI] a character that sets words apart from left to right
    [RLI] a character that sets words apart from right to left
    [FSI] a character that sets the direction of words apart
    [PDI] a character that ends a change of direction
    [LRM] a mark of direction
    [RLM] a mark of direction
    [ALM] a mark of direction
    [ZWSP] a space of no width
    [ZWNJ] a character that keeps letters apart
    [ZWJ] a character that joins letters
    [WJ] a joiner of no width
    [BOM] a space of no width
    [SHY] a hyphen that does not show
    [CGJ] a joiner that does not show
    [FILLER] an empty letter
    [BLANK] an empty pattern
    [VS] a variant selector
    [TAG] a letter that does not show
    [MVS] a separator of no width
    [KIV] a vowel that does not show
   *[other] a character that no font can show honestly ({ $label })
}
script-name = { $code ->
    [Latn] Latin
    [Cyrl] Cyrillic
    [Grek] Greek
    [Armn] Armenian
    [Geor] Georgian
    [Cher] Cherokee
    [Copt] Coptic
    [Arab] Arabic
    [Hebr] Hebrew
    [Deva] Devanagari
    [Beng] Bengali
    [Thai] Thai
    [Mymr] Burmese
    [Ethi] Ethiopic
    [Hani] Chinese
    [Hang] Korean
    [Hira] Japanese
    [Kana] Japanese
   *[other] foreign ({ $code })
}

badge-parked = Parked
    .why = Set aside on this desk; the site does not know

card-edited-now = Edited just now. You are reading the words from before
card-unreadable = This comment could not be read and cannot be decided here. Open it on the site
card-decided-by = Decided by { $by }
act-reject-unavailable = This site deletes for good what is rejected, so it is not offered
act-unread = Nothing was done: the words of this comment are not on screen yet
act-keep-unavailable = This site cannot dismiss reports
act-spam-unavailable = This site knows no spam
act-restore-unavailable = This site cannot put a comment back into its queue

### Every word on screen. Sentence case; no full stop after one sentence; … when more will be asked.

app-name = Greenroom
app-promise = Where reader comments wait before they go on stage. Read each beside its article, decide with one key, take it back with another.
no-window = Greenroom found no screen to open its window on ({ $why }). The same desk works without one: see greenroom --help

window-fault = The window was taken down by a fault of the program. Every decision you made is on disk: start Greenroom again, and it goes on from there. See greenroom doctor
mishap-title = Something went wrong in this window
mishap-before-title = Greenroom was ended by a fault of its own
mishap-safe = Every decision you made is on disk, and goes out as it would have
mishap-why = It is a fault of the program and not of anything you did. Go on, and the window is drawn anew
mishap-again-why = It came back at once. Close Greenroom and open it again: every decision is there. A note that was not kept yet, and what stood in the search or in a form, has to be typed again
mishap-before-why = It happened when the desk was last open. Nothing more has to be done
mishap-go-on = Go on
mishap-copy = Copy the report
mishap-copied = Copied
mishap-close = Close Greenroom
mishap-report = This is all that was written down of it: no secret, no address and none of your readers’ words. Send it to whoever looks after Greenroom for you
refusal-title = The desk cannot be opened

## Hands: keys, buttons, menus

hand-approve = Approve
    .spoken = Approve this comment
hand-keep = Keep
    .spoken = Keep this comment and dismiss its reports
hand-reject = Reject
    .spoken = Reject this comment
hand-spam = Spam
    .spoken = Mark this comment as spam
hand-park = Park
    .spoken = Park this comment on this desk, or take it back
hand-restore = Back to queue
    .spoken = Put this comment back into the queue of its site
hand-undo = Undo
    .spoken = Undo the last decision
hand-redo = Redo
    .spoken = Do the last undone decision again
hand-next = Next comment
    .spoken = Next comment
hand-previous = Previous comment
    .spoken = Previous comment
hand-first = First comment
    .spoken = First comment of the queue
hand-last = Last comment
    .spoken = Last comment of the queue
hand-arrived = Show what arrived
    .spoken = Let new comments into the list
hand-search = Search
    .spoken = Search the comments on this desk
hand-page-down = Article, a page on
    .spoken = Move the article a page on
hand-page-up = Article, a page back
    .spoken = Move the article a page back
hand-article = Show or hide the article
    .spoken = Show or hide the article
hand-focus = Focus: comment and article only
    .spoken = Focus on the comment and its article
hand-source = Source
    .spoken = Show the comment as the site sent it
hand-private = E-mail and address
    .spoken = Show the reader’s e-mail, network address and browser
cli-note = Note of { $at }
hand-note = Note
    .spoken = Write a private note about the comment, on this desk only
hand-reveal = Show softened words while held
    .spoken = Show softened words as long as the key is held
hand-soften = Soften words that hurt
    .spoken = Draw insults and threats soft, or stop doing so
hand-outbox = Outbox
    .spoken = Show the outbox
hand-sites = Sites and queues
    .spoken = Show sites and queues
hand-refresh = Ask the site now
    .spoken = Ask the site for new comments now
hand-connect = Connect a site…
    .spoken = Connect a site
hand-theme = Light, dark or system theme
    .spoken = Change between light, dark and system theme
hand-larger = Larger text
    .spoken = Larger text
hand-smaller = Smaller text
    .spoken = Smaller text
hand-actual = Normal text size
    .spoken = Normal text size
hand-keys = Keys
    .spoken = Show all keys
hand-leave = Leave what is open
    .spoken = Leave what is open

control-with-key = { $name } ({ $key })

keys-title = Keys
keys-why = Single keys rest while you type. Ctrl is ⌘ on a Mac
keys-decide = Decide
keys-move = Move
keys-read = Read
keys-desk = Desk
keys-close = Close

## Verbs, statuses, deliveries

verb-approve = Approve
verb-reject = Reject
verb-spam = Spam
verb-restore = Back to queue

status-pending = Pending
status-approved = Approved
status-rejected = Rejected
status-spam = Spam
status-deleted = Deleted
status-other = In a state this desk has no word for

delivery-held = Held
    .why = Kept at home for a few seconds so that undo leaves no trace on the site
delivery-queued = Waiting
    .why = Leaves as soon as the site can be reached
delivery-sending = On its way
    .why = Sent, the site has not answered yet
delivery-delivered = Delivered
    .why = The site has confirmed it
delivery-withdrawn = Taken back
    .why = Nothing was sent, or the site’s own state was kept
delivery-conflicted = Needs your answer
    .why = Somebody else decided first, or the words changed since you read them
delivery-refused = Refused
    .why = The site will not do it

remedy-release = Send now
remedy-retry = Try again
remedy-refresh = Ask again
remedy-connect = Connect a site…
remedy-sign-in = Sign in again…
remedy-outbox = Show the outbox
remedy-open = Open on the site…
remedy-remove = Remove this site
remedy-show = Show
remedy-mend = Set it aside and go on
remedy-understood = Understood
remedy-search = Search
remedy-order = Change the order

## Times

age-now = now
age-seconds = { $n } s
age-minutes = { $n } min
age-hours = { $n } h
age-days = { $n } d
age-ago = { $age } ago
age-about = About { $date }

## Sites

shelf-all = All sites
shelf-pending = Pending
shelf-reported = Reported
shelf-parked = Parked
shelf-spoken = { $name }, { $shown }

caveats-show = What to know
caveats-hide = Less
health-starting = Starting
health-pulling = { $here } of { $total } here
health-pulling-open = { $here } here so far
health-progress = First pull
health-synced = Checked { $age }
health-offline = { $why }. Next try in { $wait }
health-offline-long = { $why }. If other sites answer from here, tell whoever runs this one. Next try in { $wait }
health-gaps = Some comments may not be here: the list could not be read without gaps. It is read again in a few minutes
health-resting = It asks for fewer requests. Next try in { $wait }
health-signed-out = { $why }

## Queue

queue-part = { $here } of { $total }
queue-arrived =
    { $n ->
        [one] { $shown } new comment
       *[other] { $shown } new comments
    }
queue-spoken =
    { $n ->
        [one] Queue, 1 comment
       *[other] Queue, { $n } comments
    }
queue-row-place = { $n } of { $of }
queue-row-loading = Loading
queue-reading = Reading…
queue-loading = Reading the queue
order-oldest = Oldest first. Change to newest first
order-newest = Newest first. Change to oldest first
search-hint = Search ({ $key })
soft-spoken = (softened)
soften-unreadable = Your own list of words to soften was left out: { $file } { $why }
soften-fault = was not read: a fault of the desk itself
soften-too-long = is larger than one megabyte. Keep one word a line, and fewer of them
soften-no-text = is not UTF-8 text. Save it as UTF-8 and switch softening off and on again
hint-soft = Insults and threats are drawn soft now. Hold { $key } to read them
hint-not-soft = Words are drawn as they were written again
hint-nothing-soft = Nothing is softened; { $key } switches it on
field-cut = { $n ->
    [1] Only one character has room; the rest was left out
   *[other] Only { $n } characters have room; the rest was left out
}
field-left = { $n ->
    [0] No more characters have room
    [1] One more character has room
   *[other] { $n } more characters have room
}
field-hidden = Hidden characters in it: { $names }
field-bare = Take them out
search-nothing = Nothing found
search-nothing-why = No comment here has “{ $text }” in its words or its author’s name. Esc ends the search
row-saving = Saving
row-decided = { $verb } · { $state }
toast-count =
    { $n ->
        [one] { $shown } comment
       *[other] { $shown } comments
    }

empty-pending = Nothing waits
empty-reported = No reports
empty-through = Nothing here
empty-unread = It could not be read from the site
empty-parked = Nothing is parked
empty-parked-why = Park a comment with P to come back to it later. Only this desk knows
empty-checked = Checked { $age }
empty-checked-next = Checked { $age }, next in { $secs } s
empty-pulling-title = Comments are on their way
empty-pulling = You can start as soon as the first ones are here
empty-unknown = That is as far as this desk knows: not every site could be asked

## Card

card-none = No comment is open
card-none-why = Choose one in the queue, or press J
card-loading = Reading the comment
card-reading = The words of this comment are being read
parent-reading = Its words are being read
card-status = { $status } on { $site }
card-edited = edited { $age }
card-on = on { $article }
note-title = Your note
note-name = Private note on { $author }’s comment
note-hint = For yourself: it stays on this desk
note-save = Keep
note-edit = Change
note-remove = Remove
note-leave = Leave
note-draft = A note is begun; { $key } goes on with it
card-source-hide = Hide source
card-private-hide = Hide e-mail and address
card-open = Open on the site…
card-copy = Copy the comment
card-whole = Show all of it
card-text = Comment
card-cut = Shortened for display. Its source shows more, and the site has all of it
card-source-cut = Only the beginning of a long source is shown. The site has all of it
private-email = E-mail
private-ip = Address
private-agent = Browser
private-none = The site tells nothing
private-untold = Not told
pane-queue = Queue
pane-article = Article

record-loading = Looking up the record
record-none = The site keeps no record
record-approved = { $shown } approved
record-rejected = { $shown } rejected
record-spam = { $shown } spam
record-pending = { $shown } pending
record-since = since { $date }

reports-title =
    { $n ->
        [one] Reported once
       *[other] Reported { $shown } times
    }
reports-someone = A reader
reports-line = { $by }: { $text } ({ $age })

parent-title = In reply to { $author }, { $age }
parent-state = · { $status }

hint-too-soon = Nothing was done: this comment had only just come on screen
hint-not-offered = This cannot be done with this comment
hint-nothing-to-undo = There is nothing to undo
hint-nothing-to-redo = There is nothing to redo

## Article

article-none = No article
article-absent = No article to show
article-text = Article
article-loading = Fetching the article
article-by = by { $by }
article-minutes = { $n } min read
article-no-passage = no passage found for this comment
article-open = Open on the site…
article-back = Back to the comment
article-cut = Shortened for display
article-author = About the author
article-related = Related articles
article-footnotes = Footnotes

## Outbox

outbox-why = Every decision from the key to the site. Nothing here can be lost, also when the power goes
outbox-back = Back
outbox-empty = Nothing is on its way
outbox-empty-why = Decisions stand here until their site has confirmed them
outbox-help = Needs you
outbox-way = On the way
outbox-done = Done
outbox-more = and { $shown } more
outbox-newest = newest { $shown }
outbox-who = { $author } on { $site }
outbox-leaves = leaves in { $secs } s
outbox-tries = { $since }, { $n } tries

conflict-mine-title = Yours
conflict-theirs-title = Theirs
conflict-mine = { $verb }
conflict-theirs = { $by }: { $status } { $age }
conflict-theirs-unnamed = { $status } { $age }
conflict-changed = What changed since you read it
conflict-reports = Reported { $now } times now, { $seen } when you decided
conflict-keep = Keep theirs
conflict-apply = Apply mine
conflict-reading = The words are being read. What changed is shown next
conflict-many = { $n ->
    [1] { $shown } conflict
   *[other] { $shown } conflicts
}
conflict-many-why = Answer each below, or all of them here. Mine is applied only to what you have had on screen; what changes meanwhile stays in conflict
conflict-many-act = { $verb }: { $shown } decided together
conflict-many-mixed = { $shown } decided together
conflict-keep-all = Keep theirs for all { $shown }
conflict-apply-all = Apply mine for all { $shown }
conflict-apply-some = Apply mine for the { $shown } you have seen
conflict-unseen = { $n ->
    [1] { $shown } has not been on screen yet
   *[other] { $shown } have not been on screen yet
}
conflict-not-applicable = { $n ->
    [1] { $shown } is gone or could not be read: mine cannot be applied to it
   *[other] { $shown } are gone or could not be read: mine cannot be applied to them
}
conflict-gone = It is gone from its site, so there is nothing to apply yours to
conflict-unreadable = The comment as it is now could not be read. Look at it on the site, then keep theirs

## Status bar

status-help =
    { $n ->
        [one] { $shown } needs you
       *[other] { $shown } need you
    }
status-held = { $shown } held
status-waiting = { $shown } waiting
status-today = { $shown } decided today
status-trouble = { $said }. Show the sites
status-outbox = Show the outbox ({ $key })
theme-system = Theme: as the system has it
theme-light = Theme: light
theme-dark = Theme: dark

toast-close = Close

## Links

link-title = Open this address?
link-why = It was written by a reader or a site. This is all of it
link-too-long = It was written by a reader or a site. It is no address that can be shown whole and opened from here
link-leave = Stay here
link-copy = Copy
link-follow = Open in the browser

## Connect

connect-title = Connect a site
connect-wordpress = WordPress
connect-cmh = CMH
connect-address = Address
connect-address-why = Any page of the site will do, such as https://news.example
connect-cmh-address-why = Where the site answers CMH, such as https://news.example
connect-account = User name
connect-account-why = An account that may moderate comments
connect-password = Application password
connect-password-why = Made in WordPress under Users, Profile, Application passwords. It goes to the system keyring, never to a file
connect-secret = Password or token
connect-token = Token
connect-token-why = The moderator’s token the site gave you. It goes to the system keyring, never to a file
connect-in-clear = Connect without encryption
connect-in-clear-why = Anyone on this network can read the password and every comment, and change what is sent. Only for a server of your own, on a network where you know everybody
connect-submit = Connect
connect-busy = Signing in…
connect-missing = Every field is needed
connect-demo-title = No site at hand?
connect-demo-why = A made-up newsroom’s evening with a few hundred readers. Nothing leaves this machine
connect-demo = Try the demo site
connect-demo-opening = Opening the demo site
connect-own-title = Your own desk
connect-own-why = This is the demo’s desk: nothing on it is kept. Sites you connect stand on a desk of your own
connect-own = Open my own desk
sign-in-title = Sign in to { $site } again
sign-in-why = Every decision is kept and goes out after this
sign-in-submit = Sign in

# The command line

cli-fault = A fault of the program ended this. What was on disk stays there. See: greenroom doctor
cli-no-home = This account has no home folder. Name a folder with --data
cli-no-wire = Secure connections cannot be set up on this machine: { $why }. On Debian, install ca-certificates. If SSL_CERT_FILE is set, see that it names a file
cli-demo-serves = The demo site is at { $address }, token { $token }. End it with Ctrl+C
cli-no-site = No site { $slug } on this desk. See: greenroom sites list
cli-no-comment = No comment { $handle } on this desk. See: greenroom list
cli-secret = Type the application password or token, then Enter (it is shown while you type)
cli-no-secret = No secret was given. Set GREENROOM_SECRET or write it to standard input
cli-resting = The site asks for fewer requests. Try again later
cli-no-answer = The site did not answer in time. Try again
cli-gaps = The queue could not be read without gaps: it changes too fast, or the site did not give a part of it. It is read again in a few minutes
cli-gaps-still = Some comments may not be here: the queue could not be read without gaps. Try again later
cli-no-disk = The desk’s disk did not take it in time. Try again
cli-secret-unkept = No keyring on this machine keeps the secret of { $site }. Set { $variable } for every command that needs the site
cli-removed = { $site } and what was read from it were erased
cli-not-removed = { $site } was not removed: { $why }
cli-standing = Nothing was decided: it stands so already
cli-gone = Nothing was decided: the site has it no more
cli-unreadable = Nothing was decided: its words could not be read. Open it on the site
cli-theirs = Not taken back: a colleague had decided the same
cli-stuck = Not taken back: the site cannot undo it
cli-answers = answers
cli-silent = needs attention
cli-pending = { $n ->
    [1] 1 comment waits
   *[other] { $n } comments wait
}
cli-found = { $n ->
    [1] 1 comment found
   *[other] { $n } comments found
}
cli-through = { $n ->
    [1] 1 comment, as far as this desk has read
   *[other] { $n } comments, as far as this desk has read
}
cli-outbox-more = { $n ->
    [1] 1 older one that is done is not shown. See all with: greenroom outbox --limit { $all }
   *[other] { $n } older ones that are done are not shown. See all with: greenroom outbox --limit { $all }
}
doctor-version = Greenroom
doctor-clock = Clock
doctor-clock-told = { $at }, { $n } min ahead of UTC here
doctor-data = Data
doctor-sizes = desk { $desk } kB, journal { $journal } kB, logs { $logs } kB
doctor-missing = no folder yet
doctor-folder = the data folder
doctor-private = Private
doctor-path = Folder
doctor-held = Held by
doctor-process = process { $process }
doctor-nobody = nobody
doctor-keyring = Keyring
doctor-keyring-answers = answers
doctor-keyring-unreachable = cannot be reached
doctor-keyring-silent = does not answer
doctor-screen = Screen
doctor-none = none
doctor-schema = Schema
doctor-schema-told = { $file } of { $ours }, SQLite { $sqlite }, journal { $journal }
doctor-sound = Sound
doctor-comments = Comments
doctor-decisions = Decisions
doctor-site = Site
doctor-site-told = { $n }: { $system }, { $pending } pending, { $reported } reported, hold { $hold } s, reject offered: { $rejects }, secret in a variable: { $variable }
doctor-log = Log
doctor-last = Last fault
doctor-yes = yes
doctor-no = no
doctor-well = Nothing is wrong with this desk
doctor-damage = { $n ->
    [1] The desk’s file is damaged in one place
   *[other] The desk’s file is damaged in { $n } places
}. Close the desk, copy its folder somewhere safe, and open it again
doctor-stuck = { $n ->
    [1] One decision needs you: see greenroom outbox
   *[other] { $n } decisions need you: see greenroom outbox
}
doctor-cleartext = Site { $n } is asked over an open connection. Ask whoever runs it for https
doctor-open-folder = Others on this machine can read the data folder. Open the desk once, which closes it to them, or take their rights away
doctor-no-keyring = No keyring keeps secrets on this machine. Give each site’s secret by its variable: see greenroom help
doctor-silent-keyring = The keyring did not answer in time; it may be asking for its password. Unlock it
doctor-fault = The desk was ended by a fault of its own when it was last open. Send this report to whoever looks after Greenroom for you
cli-unprinted = The answer could not be written: { $why }
caveat-in-clear = Spoken to without encryption: anyone on its network can read the password and every comment
caveat-wordpress-race = WordPress cannot refuse a decision that came too late: a colleague’s act in the second before yours may be overwritten
caveat-wordpress-empty-ip = XML-RPC is off on this site: where WordPress stored no address for a reader, a decision writes 127.0.0.1
remedy-read-anew = Show the new words
