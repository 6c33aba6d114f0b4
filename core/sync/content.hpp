// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace offlineimap::sync {

/// A message whose content is asked for.
struct Suspect {
    PairIndex pair = 0;
    MessageId id;
    std::string size, digest;     ///< filled in as it is learnt; size empty = not like any other
    std::uint64_t told_size = 0;  ///< stays, whatever comes of it; 0 = not known
    std::string name;             ///< the Message-ID, where the header was read
    bool unreadable = false;      ///< could not be compared, which was said
    bool vanished = false;        ///< before it could be compared
    /// A draft: its next version may have the same header and size, and is another message.
    bool is_draft = false;
};

/// `marks` as listed.
Suspect
suspect(const SyncContext& context, PairIndex pair, const MessageId& id, const Marks& marks);

/// `same_pair`: only messages of one folder pair can be the same.
enum class Scan : std::uint8_t { same_pair, whole_account };
/// `likely`: by size and header; by the whole text where the header names no message, where several
/// have the same one, or where one is a draft. `certain`: by the whole text.
enum class Proof : std::uint8_t { likely, certain };

/// Fills in size and digest of those that may be on the other side too: the same digest is the same
/// message. Sizes are asked for first, then headers, then texts, each of fewer messages.
void compare_content(
    SyncContext& context, Both<std::vector<Suspect>>& suspects, Proof proof, Scan scan);

bool has_vanished(const std::vector<Suspect>& suspects);

/// Fills in the names alone.
void learn_names(SyncContext& context, const Both<std::vector<Suspect*>>& suspects);

/// Which of both sides' suspects are the same message. Each is in one match only.
struct ContentMatch {
    std::size_t left = 0, right = 0;  ///< indexes
};
std::vector<ContentMatch> match_compared(const Both<std::vector<Suspect>>& suspects, Scan scan);
/// Compares, then matches.
std::vector<ContentMatch>
match_content(SyncContext& context, Both<std::vector<Suspect>> suspects, Proof proof, Scan scan);

/// Digest of a message text that does not depend on its line ends.
class ContentDigest {
public:
    ContentDigest();
    ~ContentDigest();
    ContentDigest(const ContentDigest&) = delete;
    ContentDigest& operator=(const ContentDigest&) = delete;
    void add(Bytes chunk);
    /// Hexadecimal SHA-256 of everything added, with every run of CR before LF left out.
    std::string finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace offlineimap::sync
