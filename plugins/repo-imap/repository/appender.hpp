// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <offlineimap/repository.hpp>

#include <cstdint>
#include <list>
#include <string>

namespace offlineimap::imap {

/// APPEND, as many in flight as the server takes without being asked (LITERAL+, LITERAL-). Small
/// messages are gathered and leave together; a large one goes through as it comes.
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
    class Append;
    /// Where the message that is being written goes.
    enum class Course : std::uint8_t {
        none,
        gather,   ///< into text_
        stream,   ///< to the server
        swallow,  ///< refused already: nowhere
    };

    void send_gathered();
    void begin_stream();
    /// `{n}` and its relatives; literal8 where the text may hold what a literal must not.
    enum class Content : std::uint8_t { plain, may_hold_nul };
    [[nodiscard]] std::string literal(Content content) const;
    void refuse_too_large(std::uint64_t size) const;
    void report_answered();

    Context& context_;
    StoreSink& sink_;
    std::list<Append> flying_;
    Course course_ = Course::none;
    std::string head_;  ///< `APPEND "folder" (flags) "date" `, of the current message
    std::size_t index_ = 0;
    FolderIndex folder_ = 0;
    std::uint64_t size_ = 0;
    std::string text_;
};

}  // namespace offlineimap::imap
