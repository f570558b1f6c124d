# What the desk says by itself: messages, remedies, states. One sentence has no full stop.

done-approve = { $n ->
    [1] Approved { $author }’s comment
   *[other] Approved { $n } comments
}
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
done-unpark = { $n ->
    [1] Took { $author }’s comment back from parked
   *[other] Took { $n } comments back from parked
}
undone-withdrawn = { $what ->
    [park] Taken back: { $author }’s comment is where it was
   *[other] Taken back before anything was sent: { $n ->
        [1] { $author }’s comment
       *[other] { $n } comments
    }
}
undone-inverse = { $n ->
    [1] Taking it back: { $author }’s comment is being restored on the site; mail the site has sent cannot be called back
   *[other] Taking them back: { $n } comments are being restored on their sites; mail already sent cannot be called back
}
undone-stuck = { $stuck ->
    [1] One decision cannot be called back from its site
   *[other] { $stuck } decisions cannot be called back from their site
}
redone = { $n ->
    [1] Done again: { $author }’s comment
   *[other] Done again: { $n } comments
}
undo-nothing = Nothing to undo
redo-nothing = Nothing to redo
decide-not-written = The decision was not written down and the comment is back in the queue: { $why }

connected = { $site } is on the desk
signed-in = Signed in to { $site } again
demo-failed = The demo site did not start: { $why }
demo-none = This build has no demo site

secret-environment = Secret from an environment variable
secret-memory = No system keyring: the secret is kept until you quit
secret-missing = No secret was found. Sign in again, or set { $variable }

notice-unreachable = The site cannot be reached: { $why }. Check the address and your connection, then try again
notice-unanswered = The site did not answer in time: { $why }. Try again in a moment
notice-unauthorized = The site did not let you in: { $why }. Check the name and the secret; on WordPress it is an application password, not the one you log in with
notice-forbidden = This account may not moderate there: { $why }. Ask the site for the role of editor or moderator
notice-throttled = The site asks for fewer requests. Try again in a minute
notice-refused = The site refused: { $why }
notice-failing = The site itself has a problem: { $why }. Try again later, or tell whoever runs it
notice-malformed = That address does not answer as expected: { $why }. Check that it is the site’s own address

trouble-in-use = Another Greenroom (process { $process }) has this desk open. Close it, or choose another folder with --data
trouble-no-desk = There is no desk in { $dir } yet. Add a site first with: greenroom sites add
trouble-folder = The desk’s folder cannot be used: { $why } ({ $dir }). Choose another one with --data
trouble-full = The disk is full. Free some space: everything on the desk is kept, and it goes on by itself
trouble-newer = This desk was last used by a newer Greenroom. Update, or choose another folder with --data
trouble-corrupt = The desk’s file is damaged: { $why }. Move it aside and start again; it is not deleted
trouble-closed = The desk is closing
trouble-other = The desk’s own file gave an error: { $why }
trouble-all-missing = The site says that none of these comments exist. That is more likely its fault than theirs, so they are kept

outbox-conflicted = Somebody else was first, or the words changed since you read them
outbox-forbidden = The site does not allow this account to do that. { $why }
outbox-refused = The site will not do it. { $why }
outbox-tired = It did not work after several tries. { $why }
outbox-signed-out = Waits until you sign in again
outbox-offline = Waits until the site can be reached ({ $why })
outbox-throttled = The site asked for fewer requests; it goes out shortly
outbox-again = Will be tried again ({ $why })
outbox-behind = Waits for the decision before it

status-no-site = No site connected
status-starting = { $site } is being reached
status-pulling = { $site } · { $here } of { $total } comments here
status-pulling-some = { $site } · { $here } comments here
status-synced-secs = { $site } checked { $secs } s ago
status-synced-mins = { $site } checked { $mins } min ago
status-offline = { $site } cannot be reached
status-signed-out = { $site } needs you to sign in again

comment-empty = (no words)
author-nameless = No name
article-untitled = Article { $key }
article-none = This comment names no article
article-unavailable = This site does not give its articles
article-failed = The article could not be fetched ({ $why })
record-none = The site gives nothing to recognise this author by
record-unavailable = This site keeps no records of authors
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
badge-parked = Parked
    .why = Set aside on this desk; the site does not know

card-edited-now = Edited just now. You are reading the words from before
card-unreadable = This comment could not be read and cannot be decided here. Open it on the site
card-decided-by = Decided by { $by }
act-reject-unavailable = This site deletes for good what is rejected, so it is not offered
act-spam-unavailable = This site knows no spam
act-restore-unavailable = This site cannot put a comment back into its queue
