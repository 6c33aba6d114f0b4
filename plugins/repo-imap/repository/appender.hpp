// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"
#include "text_spool.hpp"

#include <offlineimap/repository.hpp>

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <vector>

namespace offlineimap::imap {

/// APPEND, as many in flight as the server takes without being asked (LITERAL+, LITERAL-). Small
/// messages are gathered and leave together, those to one folder in one command where the server
/// has MULTIAPPEND (RFC 3502); a large one goes through as it comes.
///
/// A MULTIAPPEND is refused as a whole for one message in it: then each goes alone, so that only
/// that one fails.
///
/// Where UTF8=ACCEPT is enabled, RFC 6855 section 4 wants a message with 8 bits in its header
/// announced as such, and RFC 9755 has that no more: it is tried, then done without.
class ImapAppender final : public Appender {
public:
    /// Both outlive it.
    ImapAppender(Context& context, StoreSink& sink);
    ~ImapAppender() override;

    void begin(
        std::size_t index, FolderIndex folder, const Message& message, std::uint64_t size) override;
    void write(Bytes chunk) override;
    void end() override;
    void abandon() noexcept override;
    void finish() override;

private:
    /// A message and what is said of it: ` (\Seen) "17-Jul-1996 02:44:25 -0700" `.
    struct Item {
        std::size_t index = 0;
        std::uint64_t size = 0;
        std::string head, text;
        bool as_utf8 = false;                ///< APPEND … UTF8 (…)
        std::unique_ptr<TextSpool> kept {};  ///< of a large one that may have to be sent again
    };
    class Append;
    /// Where the message that is being written goes.
    enum class Course : std::uint8_t {
        none,
        gather,   ///< into item_.text
        header,   ///< of a large one into item_.text
        stream,   ///< to the server
        swallow,  ///< refused already: nowhere
    };

    void gathered();
    void gather_header(Bytes chunk);
    void send_group();
    void make_writable(FolderIndex folder);
    void send(FolderIndex folder, std::vector<Item> items);
    void begin_stream();
    void end_stream();
    void stream_again(FolderIndex folder, Item item);
    [[nodiscard]] bool announces_utf8() const;
    /// `APPEND "folder"`
    [[nodiscard]] CommandLine command_for(FolderIndex folder) const;
    /// `{n}` and its relatives; literal8 where the text may hold what a literal must not.
    enum class Content : std::uint8_t { plain, may_hold_nul };
    [[nodiscard]] std::string literal(Content content, std::uint64_t size) const;
    [[nodiscard]] std::string literal8(std::uint64_t size) const;
    /// What stands before the text, its literal's header and line end among it.
    [[nodiscard]] std::string announcement(const Item& item, Content content) const;
    void refuse_too_large(FolderIndex folder, std::uint64_t size) const;
    [[nodiscard]] bool can_join_group() const;
    void settle_answered();
    void settle(Append& append);
    [[nodiscard]] bool sends_each_alone(const Append& append);
    [[nodiscard]] bool sends_without_utf8(const Append& append);
    void send_without_utf8(FolderIndex folder, std::vector<Item> items);
    void report_stored(const Append& append);
    void report_refused(const Append& append);

    Context& context_;
    StoreSink& sink_;
    std::list<Append> flying_;
    std::list<PlainCommand> reopenings_;
    std::vector<Item> group_;  ///< to group_folder_, not yet sent
    FolderIndex group_folder_ = 0;
    std::uint64_t group_bytes_ = 0;
    bool groups_ = true;  ///< until the server shows that it does not know MULTIAPPEND after all
    bool stream_is_utf8_ = false;
    Course course_ = Course::none;
    FolderIndex folder_ = 0;     ///< of item_
    Item item_;                  ///< the current message
    TextSpool* kept_ = nullptr;  ///< of the message that is being streamed; null = nothing is kept
};

}  // namespace offlineimap::imap
