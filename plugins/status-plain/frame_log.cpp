// SPDX-License-Identifier: Apache-2.0
#include "frame_log.hpp"

#include "common-status/replaced_file.hpp"
#include "common-status/text.hpp"

#include <cerrno>
#include <unistd.h>

namespace offlineimap::status_plain {

using status::Durability;

FrameLog::FrameLog(
    std::filesystem::path path, FrameKind kind, status::Subject subject, Durability durability)
    : path_(std::move(path))
    , kind_(kind)
    , subject_(std::move(subject))
    , durability_(durability)
    , file_(status::open_locked(path_, subject_))
{
}

void FrameLog::read(const std::function<void(std::string_view)>& frame)
{
    const std::string bytes = status::read_all(file_, path_, subject_.scope);
    end_ = read_frames(bytes, kind_, subject_, path_, frame);
    if (end_.whole < bytes.size()) cut(end_.whole);
}

void FrameLog::append(std::span<const std::string_view> frames)
{
    if (broken_)
        throw Error(
            Errc::io, subject_.scope, Retry::later,
            status::concat("write ", path_.string(), ": an earlier write to it failed"));
    FrameEnd end = end_;
    std::string bytes;
    if (end.whole == 0) bytes = kind_.head();
    for (const std::string_view frame : frames)
        append_frame(bytes, end.count++, frame);
    try {
        status::write_all(file_, bytes, path_, subject_.scope);
        if (durability_ == Durability::flushed && ::fdatasync(file_.get()) != 0)
            throw status::system_error(errno, subject_.scope, "flush", path_);
        if (end.whole == 0) status::flush_directory(path_.parent_path(), durability_);
    } catch (...) {
        broken_ = ::ftruncate(file_.get(), static_cast<off_t>(end_.whole)) != 0;
        throw;
    }
    end.whole += bytes.size();
    end_ = end;
}

void FrameLog::clear()
{
    cut(0);
    end_ = {};
    broken_ = false;
}

void FrameLog::restart(std::string_view frame)
{
    clear();
    std::string bytes = kind_.head();
    append_frame(bytes, 0, frame);
    try {
        status::write_all(file_, bytes, path_, subject_.scope);
    } catch (...) {
        broken_ = ::ftruncate(file_.get(), 0) != 0;
        throw;
    }
    end_ = {bytes.size(), 1};
}

void FrameLog::rewrite(const std::filesystem::path& beside, std::string_view frame)
{
    std::string bytes = kind_.head();
    append_frame(bytes, 0, frame);
    status::ReplacedFile file(path_, beside, subject_.scope, durability_);
    file.lock();
    file.write(bytes);
    file.commit();
    file_ = file.release();
    end_ = {bytes.size(), 1};
    broken_ = false;
}

void FrameLog::cut(std::uint64_t size)
{
    if (::ftruncate(file_.get(), static_cast<off_t>(size)) != 0)
        throw status::system_error(errno, subject_.scope, "shorten", path_);
}

}  // namespace offlineimap::status_plain
